import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Emitter, type DisposableLike } from '../../core/base/disposable';
import { errors, isTacoError, errorMessage } from '../../core/base/errors';
import { ControlClient, type TmuxAnswer } from '../client/controlClient';
import { command, commandList, quote } from '../client/quote';
import { runTmux } from '../client/runTmux';
import { EPOCH, PaneDriver } from '../pane/paneDriver';
import { endSurvivors, processesBelow, type ProcessFacts } from './processTree';
import { tmuxConfig } from './tmuxConfig';

export interface TmuxServerOptions {
  readonly tmuxCommand: string;
  readonly socket: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What runs in a pane: argv is executed as it is, without a shell; env is added, never shown in a process list. */
export interface PaneProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Stands on the pane from the moment the program is started in it. */
  readonly launch?: string;
}

/** A pane's facts as the subscription reports them, at most once a second and only when they change. */
export interface PaneFacts {
  readonly pane: string;
  readonly dead: boolean;
  readonly inMode: boolean;
}

export interface WindowPane {
  readonly window: number;
  readonly name: string;
  readonly pane: string;
  readonly pid: number;
  readonly dead: boolean;
  /** How many panes its window has. */
  readonly panes: number;
  /** What its program was launched for; empty when nothing was said. */
  readonly launch: string;
}

const FACTS = 'taco-facts';
const LAUNCH = '@taco_launch';
const REFUSED = 'taco:refused';
/** How tmux says that a session, or its server, is not there; the server's end is noticed by some clients a moment later. */
const GONE = /can't find session|no such session|no server running|error connecting to|server exited|lost server/;
const CREATE_TRIES = 20;
const CREATE_PAUSE = 100;
/** How long a process may take to end once its terminal is gone, milliseconds; then it is ended. */
const GRACE_MS = 1500;

/** The server's socket and one of its sessions, through one control client. Sessions are always named exactly. */
export class TmuxSession implements DisposableLike {
  private readonly facts = new Emitter<PaneFacts>();
  private readonly changes = new Emitter<void>();
  /** What {@link setEpoch} wrote; 0 in a session that has none yet. */
  private epoch = 0;
  readonly panes: PaneDriver;
  /** A pane died, came back, or changed mode. */
  readonly onPaneFacts = this.facts.event;
  /** Windows came, went, or were renamed. */
  readonly onWindowsChanged = this.changes.event;
  readonly onExit: ControlClient['onExit'];

  private constructor(
    readonly name: string,
    private readonly client: ControlClient,
  ) {
    this.panes = new PaneDriver(client);
    this.onExit = client.onExit;
    client.onNotification(({ name: notification, rest }) => {
      if (notification === 'subscription-changed') {
        const match = new RegExp(`^${FACTS} \\S+ \\S+ \\S+ (%\\d+) : ([01])\\|([01])`).exec(rest);
        if (match) this.facts.fire({ pane: match[1] ?? '', dead: match[2] === '1', inMode: match[3] === '1' });
      } else if (
        /^(window-(add|close|renamed)|unlinked-window-close|layout-change|session-window-changed)$/.test(notification)
      ) {
        this.changes.fire();
      }
    });
  }

  get isClosed(): boolean {
    return this.client.isClosed;
  }

  /** True when the server runs and has the session. Throws TacoError where tmux does not say: what is taken for gone is made anew, or given up. */
  static async exists(options: TmuxServerOptions, name: string): Promise<boolean> {
    try {
      await runTmux(options.tmuxCommand, ['-L', options.socket, 'has-session', '-t', `=${name}`], options.env);
      return true;
    } catch (error) {
      if (isTacoError(error, 'tmux-failed') && GONE.test(errorMessage(error))) return false;
      throw error;
    }
  }

  /** Starts the server if need be and makes the session; window 0 holds a pane that only waits for its program. */
  static async create(options: TmuxServerOptions, name: string, cwd: string, windowName: string): Promise<TmuxSession> {
    await mkdir(dirname(options.configFile), { recursive: true, mode: 0o700 });
    const home = options.env['HOME'];
    const config = options.env['XDG_CONFIG_HOME'] ?? (home ? join(home, '.config') : undefined);
    const userFiles = [home ? join(home, '.tmux.conf') : '', config ? join(config, 'tmux', 'tmux.conf') : ''].filter(
      (file) => file !== '' && existsSync(file),
    );
    await writeFile(options.configFile, tmuxConfig(userFiles), { mode: 0o600 });
    // -d and a program that never reads: nothing can be typed into window 0 before its agent is there.
    const program = ['env', 'tail', '-f', '/dev/null'];
    const args = [
      '-u',
      '-L',
      options.socket,
      '-f',
      options.configFile,
      'new-session',
      '-d',
      '-s',
      name,
      '-n',
      windowName,
      '-c',
      cwd,
      '-x',
      '160',
      '-y',
      '48',
      ...program,
    ];
    for (let tries = 1; ; tries++) {
      try {
        await runTmux(options.tmuxCommand, args, options.env);
        break;
      } catch (error) {
        // An old server that is just ending still takes the connection; a moment later a new one starts.
        if (tries >= CREATE_TRIES || !/server exited|lost server/.test(errorMessage(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, CREATE_PAUSE));
      }
    }
    return TmuxSession.attach(options, name);
  }

  static async attach(options: TmuxServerOptions, name: string): Promise<TmuxSession> {
    const client = new ControlClient({
      tmuxCommand: options.tmuxCommand,
      socket: options.socket,
      session: name,
      env: options.env,
    });
    const session = new TmuxSession(name, client);
    try {
      await client.run('subscribe to pane facts', `refresh-client -B "${FACTS}:%*:#{pane_dead}|#{pane_in_mode}"`);
    } catch (error) {
      session.dispose();
      throw error;
    }
    return session;
  }

  /** Writes the leader's epoch where every fence compares it; it only grows. Throws TacoError not-leader when a later one stands there. */
  async setEpoch(epoch: number): Promise<void> {
    const target = `=${this.name}:`;
    // A leader that slept just before this line must not make itself the leader again.
    const condition = `#{e|>=:${epoch},#{?${EPOCH},#{${EPOCH}},0}}`;
    const answer = await this.client.run(
      'set the epoch',
      `if-shell -F -t ${quote(target)} ${quote(condition)} { ${command('set-option', '-t', target, EPOCH, String(epoch))} ; display-message -p done }`,
    );
    if (!answer.blocks.flat().includes('done')) throw errors.notLeader();
    this.epoch = epoch;
  }

  async windows(): Promise<readonly WindowPane[]> {
    const format = `#{window_index}|#{pane_id}|#{pane_pid}|#{pane_dead}|#{window_panes}|#{${LAUNCH}}|#{window_name}`;
    const answer = await this.client.run(
      'list windows',
      command('list-panes', '-s', '-t', `=${this.name}:`, '-F', format),
    );
    return (answer.blocks[0] ?? []).map((line) => {
      const [window, pane, pid, dead, panes, launch, ...name] = line.split('|');
      return {
        window: Number(window),
        pane: pane ?? '',
        pid: Number(pid),
        dead: dead === '1',
        panes: Number(panes),
        launch: launch ?? '',
        name: name.join('|'),
      };
    });
  }

  /** Makes window `index` with the program in it and returns its pane id. Throws TacoError tmux-failed when the index is taken, not-leader when another leads by now. */
  async newWindow(index: number, name: string, program: PaneProgram): Promise<string> {
    const answer = await this.fenced(
      `make window ${index} for ${name}`,
      commandList(
        command(
          'new-window',
          '-d',
          '-P',
          '-F',
          '#{pane_id}',
          '-t',
          `=${this.name}:${index}`,
          '-n',
          name,
          ...programArguments(program),
        ),
        command('set-option', '-p', '-t', `=${this.name}:${index}`, LAUNCH, program.launch ?? ''),
      ),
    );
    const pane = answer.blocks.flat().find((line) => line.startsWith('%'));
    if (pane === undefined) throw errors.tmuxFailed(`make window ${index}`, 'it gave no pane id');
    return pane;
  }

  /** Ends whatever runs in the pane, its children too, and starts the program there; markers of the old process are forgotten. */
  async respawn(pane: string, program: PaneProgram): Promise<void> {
    const before = await this.processes(pane);
    await this.fenced(
      `start a program in ${pane}`,
      commandList(
        command('set-option', '-p', '-t', pane, '@taco', ''),
        command('respawn-pane', '-k', '-t', pane, ...programArguments(program)),
        command('set-option', '-p', '-t', pane, LAUNCH, program.launch ?? ''),
        command('clear-history', '-t', pane),
      ),
    );
    await endSurvivors(before, GRACE_MS);
  }

  /** Folder of the pane's process, and its server as `TMUX` names it: `SOCKET PATH,PID`. */
  async paneOrigin(pane: string): Promise<{ readonly cwd: string; readonly server: string }> {
    const answer = await this.client.run(
      `ask about ${pane}`,
      command('display-message', '-p', '-t', pane, '#{socket_path},#{pid}|#{pane_current_path}'),
    );
    const [server, ...cwd] = (answer.blocks[0]?.[0] ?? '').split('|');
    return { server: server ?? '', cwd: cwd.join('|') };
  }

  /** Moves a pane of this server, with its process, into window `index` of this session, alone. Fails when the index is taken. */
  async takePane(pane: string, index: number, name: string): Promise<void> {
    await this.fenced(
      `move ${pane} into window ${index}`,
      command('break-pane', '-d', '-s', pane, '-n', name, '-t', `=${this.name}:${index}`),
    );
  }

  /** Closes the pane and ends whatever runs in it, its children too. */
  async killPane(pane: string): Promise<void> {
    const before = await this.processes(pane);
    await this.fenced(`close ${pane}`, command('kill-pane', '-t', pane)).catch((error: unknown) => {
      if (isTacoError(error, 'not-leader')) throw error;
    });
    await endSurvivors(before, GRACE_MS);
  }

  /** Ends the session and every process in its panes, also one that takes no notice of its terminal's end. */
  async kill(): Promise<void> {
    const before = await this.processes();
    await this.client.run('end the session', command('kill-session', '-t', `=${this.name}`)).catch(() => undefined);
    this.dispose();
    await endSurvivors(before, GRACE_MS);
  }

  /** Text of a pane with its history, soft-wrapped lines joined. */
  async text(pane: string, historyLines: number): Promise<string> {
    const answer = await this.client.run(
      `read ${pane}`,
      command('capture-pane', '-p', '-J', '-S', `-${historyLines}`, '-t', pane),
    );
    return (answer.blocks[0] ?? []).join('\n');
  }

  /** Runs commands while the epoch that stands in the session is the one written here; tmux compares them itself. Throws TacoError not-leader. */
  private async fenced(what: string, commands: string): Promise<TmuxAnswer> {
    const condition = `#{==:#{?${EPOCH},#{${EPOCH}},0},${this.epoch}}`;
    const answer = await this.client.run(
      what,
      `if-shell -F -t ${quote(`=${this.name}:`)} ${quote(condition)} { ${commands} } { ${command('display-message', '-p', REFUSED)} }`,
    );
    if (answer.blocks.flat().includes(REFUSED)) throw errors.notLeader();
    return answer;
  }

  /** What runs in one pane, or in all; a dead pane's old process number is nobody's. */
  private async processes(only?: string): Promise<readonly ProcessFacts[]> {
    const list = command(
      'list-panes',
      '-s',
      '-t',
      `=${this.name}:`,
      '-F',
      '#{pane_id}|#{pane_dead}|#{pane_pid}|#{pane_tty}',
    );
    const answer = await this.client.run('list processes', list).catch(() => null);
    const panes = (answer?.blocks[0] ?? [])
      .map((line) => line.split('|'))
      .filter(([pane, dead]) => dead === '0' && (only === undefined || pane === only));
    return processesBelow(
      panes.map(([, , pid]) => Number(pid)),
      panes.map(([, , , tty]) => tty ?? ''),
    );
  }

  dispose(): void {
    this.facts.dispose();
    this.changes.dispose();
    this.client.dispose();
  }
}

/** With two or more arguments tmux executes argv itself; a single one it would hand to a shell, hence `env`. */
function programArguments(program: PaneProgram): string[] {
  const environment = Object.entries(program.env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  return ['-c', program.cwd, ...environment, 'env', ...program.argv];
}
