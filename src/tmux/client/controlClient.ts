import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { Emitter, type DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { sharedEnvironment } from '../../core/programs/environment';
import { ControlProtocol, type ControlBlock } from './controlProtocol';
import { command } from './quote';

/** The answer to one request: the output lines of each command that ran, in order. */
export interface TmuxAnswer {
  readonly blocks: readonly (readonly string[])[];
}

interface Request {
  readonly what: string;
  readonly sentinel: string;
  readonly blocks: ControlBlock[];
  readonly resolve: (answer: TmuxAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export interface ControlClientOptions {
  /** The tmux executable. */
  readonly tmuxCommand: string;
  /** Full path of the server's socket. */
  readonly socket: string;
  /** Session to attach to, by its tmux id: `$3`. */
  readonly session: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * One persistent `tmux -C` client. All commands and captures use it, so none of them starts a process (0.2 ms instead
 * of 4 ms). tmux sends its notifications here. The client receives no pane output, so a pane that prints 10 MB/s adds
 * no load, and it never resizes a window.
 */
export class ControlClient implements DisposableLike {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: Request[] = [];
  private readonly notifications = new Emitter<{ name: string; rest: string }>();
  private readonly exits = new Emitter<string>();
  private serial = 0;
  /** Commands sent before the attach is answered would find no session, so they wait here; null afterwards. */
  private early: string[] | null = [];
  private closed: string | undefined;
  private stderr = '';

  readonly onNotification = this.notifications.event;
  /** Fires once, with the reason, when the client or its server has ended. */
  readonly onExit = this.exits.event;

  constructor(options: ControlClientOptions) {
    const args = [
      '-u',
      '-S',
      options.socket,
      '-C',
      'attach-session',
      '-t',
      options.session,
      '-f',
      'no-output,ignore-size',
    ];
    this.child = spawn(options.tmuxCommand, args, {
      stdio: 'pipe',
      env: { ...sharedEnvironment(options.env), TERM: 'xterm-256color' },
    });
    const protocol = new ControlProtocol({
      block: (block) => this.onBlock(block),
      notification: (name, rest) => {
        if (name === 'exit') this.close(rest || 'the session ended');
        else this.notifications.fire({ name, rest });
      },
    });
    const decoder = new StringDecoder('utf8');
    this.child.stdout.on('data', (data: Buffer) => protocol.push(decoder.write(data)));
    this.child.stderr.on('data', (data: Buffer) => (this.stderr = (this.stderr + data.toString()).slice(-2000)));
    this.child.on('error', (error) => this.close(error.message));
    this.child.on('close', () => this.close(this.stderr.trim() || 'the tmux client ended'));
    this.child.stdin.on('error', () => undefined); // `close` reports an EPIPE
  }

  get isClosed(): boolean {
    return this.closed !== undefined;
  }

  /**
   * Runs command lists (see quote.ts), each as one list that tmux does not interleave with other clients. Rejects with
   * TacoError tmux-failed when a command fails; later commands of that list did not run.
   * @param what shown to users: "read pane %3"
   */
  run(what: string, ...lists: readonly string[]): Promise<TmuxAnswer> {
    if (this.closed !== undefined) return Promise.reject(errors.tmuxFailed(what, this.closed));
    return new Promise((resolve, reject) => {
      this.serial += 1;
      const sentinel = `taco:${this.serial}`;
      this.waiting.push({ what, sentinel, blocks: [], resolve, reject });
      // A sentinel line ends the request, even if an earlier command failed or ran others by if-shell.
      this.write(`${[...lists, command('display-message', '-p', sentinel)].join('\n')}\n`);
    });
  }

  private write(text: string): void {
    if (this.early) this.early.push(text);
    else this.child.stdin.write(text);
  }

  private onBlock(block: ControlBlock): void {
    if (!block.ours && this.early) {
      const early = this.early;
      this.early = null;
      for (const text of early) this.write(text);
    }
    const request = this.waiting[0];
    if (!block.ours || !request) return;
    if (!(block.ok && block.lines.length === 1 && block.lines[0] === request.sentinel)) {
      request.blocks.push(block);
      return;
    }
    this.waiting.shift();
    const failed = request.blocks.find((candidate) => !candidate.ok);
    if (failed) request.reject(errors.tmuxFailed(request.what, failed.lines.join(' ')));
    else request.resolve({ blocks: request.blocks.map((each) => each.lines) });
  }

  private close(reason: string): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    for (const request of this.waiting.splice(0)) request.reject(errors.tmuxFailed(request.what, reason));
    this.exits.fire(reason);
    this.exits.dispose();
    this.notifications.dispose();
    this.child.stdin.end();
  }

  dispose(): void {
    this.close('closed by us');
    if (this.child.exitCode === null && this.child.pid !== undefined) this.child.kill('SIGTERM');
  }
}
