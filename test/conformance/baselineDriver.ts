import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_DELAY_MS } from '../../src/core/base/limits';
import { shellQuote } from '../../src/profiles/shared/shellQuote';
import type { Bed } from './bed';
import { spawned } from './childProcess';
import { ANSWERED, type HomeOptions } from './clis/cli';
import type { Seat, Sent } from './driver';

/** A tmux server without TACO, for the comparison. */
export class BareServer {
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
  private windows = 0;

  constructor(private readonly bed: Bed) {
    this.prefix = ['-u', '-L', `taco-bare-${process.pid}-${randomBytes(3).toString('hex')}`];
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: bed.dir,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      TMUX_TMPDIR: bed.dir,
    };
    this.workspace = join(bed.dir, 'bare');
    mkdirSync(this.workspace, { recursive: true });
  }

  tmux(...args: string[]): Promise<string> {
    return spawned('tmux', [...this.prefix, ...args], this.env);
  }

  /** Opens a window with a shell, and starts the CLI in that shell by its command line. */
  async seat(home: HomeOptions = ANSWERED): Promise<BareSeat> {
    const window = 2 + this.windows++;
    const sessionId = randomUUID();
    const env = await this.bed.home(this.workspace, home);
    // The environment is part of the command line, so that a respawn has exactly the same one.
    const shell = [
      '-c',
      this.workspace,
      'env',
      '-i',
      ...Object.entries({ ...env, PS1: '$ ' }).map(([name, value]) => `${name}=${value}`),
      'bash',
      '--norc',
      '-i',
    ];
    const where =
      window === 2
        ? ['-f', '/dev/null', 'new-session', '-d', '-s', 'taco', '-x', '160', '-y', '48']
        : ['new-window', '-d', '-t', `taco:${window}`];
    await this.tmux(...where, ...shell);
    if (window === 2) await this.tmux('move-window', '-s', 'taco:0', '-t', 'taco:2');
    const pane = (await this.tmux('display-message', '-p', '-t', `taco:${window}`, '#{pane_id}')).trim();
    return new BareSeat(
      this,
      pane,
      window,
      sessionId,
      (resume) => this.bed.cli.bareCommand?.(this.bed.executable, sessionId, resume) ?? [this.bed.executable],
    );
  }

  async dispose(): Promise<void> {
    await this.tmux('kill-server').catch(() => undefined);
  }
}

export class BareSeat implements Seat {
  readonly kind = 'bare';
  readonly envelope: string;
  private begun = false;

  constructor(
    private readonly server: BareServer,
    readonly pane: string,
    private readonly window: number,
    readonly sessionId: string,
    private readonly commandLine: (resume: boolean) => readonly string[],
  ) {
    this.envelope = `[USER → AGENT-${window}]: `;
  }

  get tmuxPrefix(): readonly string[] {
    return this.server.prefix;
  }
  get tmuxEnv(): Readonly<Record<string, string>> {
    return this.server.env;
  }

  tmux(...args: string[]): Promise<string> {
    return this.server.tmux(...args);
  }

  /** Runs the bare three steps. It reports success when both commands exit with 0. */
  async send(text: string): Promise<Sent> {
    const target = `taco:${this.window}`;
    const at = Date.now();
    let words = 'under way';
    const steps = async (): Promise<void> => {
      await this.server.tmux('send-keys', '-t', target, text);
      await sleep(STEP_DELAY_MS);
      await this.server.tmux('send-keys', '-t', target, 'Enter');
    };
    void steps().then(
      () => (words = 'sent'),
      (error: unknown) => (words = error instanceof Error ? error.message : String(error)),
    );
    return {
      text,
      at,
      report: async () => ({ ended: words !== 'under way', success: words === 'sent', words }),
      held: async () => '',
    };
  }

  async waiting(): Promise<number> {
    return 0;
  }

  async relaunch(): Promise<void> {
    await this.leaveShell();
    await this.tmux('send-keys', '-t', this.pane, '-l', '--', this.commandLine(this.begun).map(shellQuote).join(' '));
    this.begun = true;
    await this.tmux('send-keys', '-t', this.pane, 'Enter');
  }

  async leaveShell(): Promise<void> {
    await this.tmux('respawn-pane', '-k', '-t', this.pane);
    await this.tmux('clear-history', '-t', this.pane);
    await sleep(150);
  }
}
