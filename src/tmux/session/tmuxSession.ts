import { Emitter, type DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { ControlClient, type TmuxAnswer } from '../client/controlClient';
import { EPOCH, PANE_OWNER, PANE_PROCESS, both, isOwner, isSession, newIdentity, serverMark } from '../client/identity';
import { command, commandList, formatText, quote } from '../client/quote';
import { runTmux } from '../client/runTmux';
import { PaneDriver } from '../pane/paneDriver';
import { makeSession } from './makeSession';
import { asCommands, hookNames, serverOptions, sessionOptions, windowOptions } from './ownOptions';
import type { ProcessFacts } from './processTable';
import { endSurvivors, processesOfPanes } from './processTree';
import { socketPath } from './socketPath';

export interface TmuxServerOptions {
  readonly tmuxCommand: string;
  /** Name (`-L`) or full path (`-S`) of the server's socket. */
  readonly socket: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The program of a pane: tmux executes argv as it is, without a shell, in the session's folder. The program must set
 * its own environment and folder. tmux would merge the environment with that of the server. In a folder name it would
 * run commands.
 */
export interface PaneProgram {
  readonly argv: readonly string[];
  /** Launch mark of the pane, set when the program is started in it. */
  readonly launch?: string;
}

/** Facts of a pane from the subscription: reported at most once a second and only on change. */
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
  /** Number of panes in its window. */
  readonly panes: number;
  /** Launch mark of its program; empty when it has none. */
  readonly launch: string;
  /** The pane has the session's identity: TACO created or adopted it. */
  readonly ours: boolean;
  /** The process in it is the one that TACO started; false once another was started there. */
  readonly ourProcess: boolean;
}

/** A session by its tmux id (`$3`), with the identity that makes it TACO's. */
export interface SessionPlace {
  readonly id: string;
  readonly name: string;
  readonly identity: string;
}

const FACTS = 'taco-facts';
const LAUNCH = '@taco_launch';
const REFUSED = 'taco:refused';
const NOT_OURS = 'taco:not-ours';
/** Launch mark of the pane in window 0, until its program is started. */
export const FIRST_PANE = 'first';
/** tmux's messages for a missing session or server; some clients notice the server's end a moment later. */
const GONE = /can't find session|no such session|no server running|error connecting to|server exited|lost server/;
/** Milliseconds for a process to end after its terminal has closed; then it is killed. */
const GRACE_MS = 1500;

/** Controls one session of a server through one control client. Sessions are always addressed exactly. */
export class TmuxSession implements DisposableLike {
  private readonly facts = new Emitter<PaneFacts>();
  private readonly changes = new Emitter<void>();
  /** The epoch that {@link setEpoch} wrote; 0 in a session without one. */
  private epoch = 0;
  readonly panes: PaneDriver;
  /** Fires when a pane dies, is respawned, or changes its mode. */
  readonly onPaneFacts = this.facts.event;
  /** Fires when windows are created, closed or renamed. */
  readonly onWindowsChanged = this.changes.event;
  readonly onExit: ControlClient['onExit'];

  /** Names of the window hooks of this server. */
  private windowHooks: readonly string[] = [];

  private constructor(
    readonly place: SessionPlace,
    private readonly client: ControlClient,
  ) {
    this.panes = new PaneDriver(client, place.identity);
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

  get name(): string {
    return this.place.name;
  }

  get identity(): string {
    return this.place.identity;
  }

  /**
   * Returns true when the server runs and has a session of that name, regardless of its owner. Throws TacoError if tmux
   * gives no clear answer.
   */
  static async exists(options: TmuxServerOptions, name: string): Promise<boolean> {
    try {
      const socket = socketPath(options.socket, options.env);
      await runTmux(options.tmuxCommand, ['-S', socket, 'has-session', '-t', `=${name}`], options.env);
      return true;
    } catch (error) {
      if (isTacoError(error, 'tmux-failed') && GONE.test(errorMessage(error))) return false;
      throw error;
    }
  }

  /** Starts the server if necessary and creates the session; the pane of window 0 waits for its program. */
  static async create(
    options: TmuxServerOptions,
    name: string,
    cwd: string,
    windowName: string,
    identity = newIdentity(),
  ): Promise<TmuxSession> {
    const made = await makeSession(options, { name, cwd, windowName, identity });
    const session = await TmuxSession.attach(options, { id: made.id, name, identity });
    try {
      await session.take(made.pane, made.window, FIRST_PANE);
      return session;
    } catch (error) {
      await session.kill();
      throw error;
    }
  }

  /** Attaches to the session. Throws TacoError tmux-failed when it does not have the identity (any more). */
  static async attach(options: TmuxServerOptions, place: SessionPlace): Promise<TmuxSession> {
    const client = new ControlClient({
      tmuxCommand: options.tmuxCommand,
      socket: socketPath(options.socket, options.env),
      session: place.id,
      env: options.env,
    });
    const session = new TmuxSession(place, client);
    try {
      await session.setOptions();
      await client.run('subscribe to pane facts', `refresh-client -B "${FACTS}:%*:#{pane_dead}|#{pane_in_mode}"`);
    } catch (error) {
      session.dispose();
      throw error;
    }
    return session;
  }

  /** Sets the required options on this session and on each of its windows with a pane of TACO. */
  private async setOptions(): Promise<void> {
    const { id, identity } = this.place;
    const hooks = await this.client.run('list hooks', 'show-hooks -g', 'show-hooks -gw');
    this.windowHooks = hookNames(hooks.blocks[1] ?? []);
    const answer = await this.client.run(
      'set options',
      `if-shell -F -t ${quote(`${id}:`)} ${quote(isSession(identity))} { ${commandList(
        ...asCommands([...serverOptions(), ...sessionOptions(id, hookNames(hooks.blocks[0] ?? []))]),
        command('set-option', '-s', serverMark(identity), id),
        command('display-message', '-p', 'done'),
      )} }`,
    );
    if (!answer.blocks.flat().includes('done'))
      throw errors.tmuxFailed(`take over ${this.name}`, 'this session does not carry the identity of the project');
    const windows = (await this.windows()).filter(({ ours }) => ours);
    for (const { pane } of windows)
      await this.client.run('set window options', commandList(...asCommands(windowOptions(pane, this.windowHooks))));
  }

  /**
   * Makes the first pane TACO's and moves its window, with this pane alone, to index 0: a hook of the user's
   * configuration may have split it.
   */
  private async take(pane: string, window: number, launch: string): Promise<void> {
    const { id } = this.place;
    await this.client.run(
      'set up the first window',
      commandList(
        ...this.marks(pane, launch),
        command('kill-pane', '-a', '-t', pane),
        ...(window === 0 ? [] : [command('move-window', '-s', pane, '-t', `${id}:0`)]),
      ),
    );
    for (const other of (await this.windows()).filter(({ ours }) => !ours))
      await this.client.run('close a window that a hook made', command('kill-pane', '-t', other.pane));
  }

  /** Returns commands that mark a pane, and the process that runs in it now, as TACO's. */
  private marks(target: string, launch: string): readonly string[] {
    return [
      command('set-option', '-p', '-t', target, PANE_OWNER, this.place.identity),
      command('set-option', '-p', '-F', '-t', target, PANE_PROCESS, '#{pane_pid}'),
      command('set-option', '-p', '-t', target, LAUNCH, launch),
      ...asCommands(windowOptions(target, this.windowHooks)),
    ];
  }

  /**
   * Writes the leader's epoch, which every fence compares; it only grows. Throws TacoError not-leader when a later one
   * exists.
   */
  async setEpoch(epoch: number): Promise<void> {
    const target = `${this.place.id}:`;
    // A former leader that slept just before this line must not overwrite a later epoch.
    const condition = both(isSession(this.identity), `#{e|>=:${epoch},#{?${EPOCH},#{${EPOCH}},0}}`);
    const answer = await this.client.run(
      'set the epoch',
      `if-shell -F -t ${quote(target)} ${quote(condition)} { ${command('set-option', '-t', target, EPOCH, String(epoch))} ; display-message -p done }`,
    );
    if (!answer.blocks.flat().includes('done')) throw errors.notLeader();
    this.epoch = epoch;
  }

  /** Returns the epoch that the session carries; 0 when it carries none. */
  async epochThere(): Promise<number> {
    const format = `#{?${EPOCH},#{${EPOCH}},0}`;
    const answer = await this.client.run(
      'read the epoch',
      command('display-message', '-p', '-t', `${this.place.id}:`, format),
    );
    const epoch = Number(answer.blocks.flat()[0]);
    return Number.isSafeInteger(epoch) && epoch > 0 ? epoch : 0;
  }

  async windows(): Promise<readonly WindowPane[]> {
    const ours = `${isOwner(this.identity)}|#{==:#{${PANE_PROCESS}},#{pane_pid}}`;
    const format = `#{window_index}|#{pane_id}|#{pane_pid}|#{pane_dead}|#{window_panes}|#{${LAUNCH}}|${ours}|#{window_name}`;
    const answer = await this.client.run(
      'list windows',
      command('list-panes', '-s', '-t', `${this.place.id}:`, '-F', format),
    );
    return (answer.blocks[0] ?? []).map((line) => {
      const [window, pane, pid, dead, panes, launch, owner, process, ...name] = line.split('|');
      return {
        window: Number(window),
        pane: pane ?? '',
        pid: Number(pid),
        dead: dead === '1',
        panes: Number(panes),
        launch: launch ?? '',
        ours: owner === '1',
        ourProcess: process === '1',
        name: name.join('|'),
      };
    });
  }

  /**
   * Creates window `index` with the program in it and returns its pane id. Throws TacoError tmux-failed when the index
   * is taken, not-leader when another process leads.
   */
  async newWindow(index: number, name: string, program: PaneProgram): Promise<string> {
    const target = `${this.place.id}:${index}`;
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
          target,
          '-n',
          formatText(name),
          ...programArguments(program),
        ),
        ...this.marks(target, program.launch ?? ''),
        command('display-message', '-p', '-t', target, 'marked #{pane_id}'),
      ),
    );
    const lines = answer.blocks.flat();
    const pane = lines.find((line) => line.startsWith('%'));
    if (pane === undefined) throw errors.tmuxFailed(`make window ${index}`, 'it gave no pane id');
    if (!lines.includes(`marked ${pane}`)) {
      await this.client.run(`close ${pane}`, command('kill-pane', '-t', pane));
      throw errors.tmuxFailed(`make window ${index}`, 'something split it while it was made');
    }
    return pane;
  }

  /**
   * Ends all processes of the pane, including their children, and starts the program there; clears the old process's
   * markers.
   */
  async respawn(pane: string, program: PaneProgram): Promise<void> {
    const before = await this.processes(pane);
    await this.fenced(
      `start a program in ${pane}`,
      commandList(
        command('set-option', '-p', '-t', pane, '@taco', ''),
        command('respawn-pane', '-k', '-t', pane, ...programArguments(program)),
        ...this.marks(pane, program.launch ?? ''),
        command('clear-history', '-t', pane),
      ),
      { pane, condition: isOwner(this.identity) },
    );
    await endSurvivors(before, GRACE_MS);
  }

  /** Returns the folder of the pane's process, and its server in the form of `TMUX`: `SOCKET PATH,PID`. */
  async paneOrigin(pane: string): Promise<{ readonly cwd: string; readonly server: string }> {
    const answer = await this.client.run(
      `ask about ${pane}`,
      command('display-message', '-p', '-t', pane, '#{socket_path},#{pid}|#{pane_current_path}'),
    );
    const [server, ...cwd] = (answer.blocks[0]?.[0] ?? '').split('|');
    return { server: server ?? '', cwd: cwd.join('|') };
  }

  /**
   * Moves an unmanaged pane of this server, with its process, into window `index` of this session, alone. Fails when
   * the index is taken.
   */
  async takePane(pane: string, index: number, name: string): Promise<void> {
    await this.fenced(
      `move ${pane} into window ${index}`,
      commandList(
        command('break-pane', '-d', '-s', pane, '-n', formatText(name), '-t', `${this.place.id}:${index}`),
        ...this.marks(pane, ''),
      ),
      { pane, condition: `#{==:#{${PANE_OWNER}},}` },
    );
  }

  /** Closes the pane and ends all its processes, including their children. */
  async killPane(pane: string): Promise<void> {
    const before = await this.processes(pane);
    const ours = { pane, condition: isOwner(this.identity) };
    await this.fenced(`close ${pane}`, command('kill-pane', '-t', pane), ours).catch((error: unknown) => {
      if (isTacoError(error, 'not-leader')) throw error;
    });
    await endSurvivors(before, GRACE_MS);
  }

  /**
   * Closes every pane of TACO, even one that only a view shows. Ends all their processes, even those that ignore the
   * end of their terminal.
   * @returns processes that could not be ended
   */
  async kill(): Promise<readonly ProcessFacts[]> {
    const { id, identity } = this.place;
    const before = await this.processes();
    const panes = await this.ownPanes().catch(() => []);
    const close = panes.map(
      ({ pane }) => `if-shell -F -t ${quote(pane)} ${quote(isOwner(identity))} { ${command('kill-pane', '-t', pane)} }`,
    );
    const end = `if-shell -F -t ${quote(`${id}:`)} ${quote(isSession(identity))} { ${command('kill-session', '-t', id)} }`;
    const unmark = command('set-option', '-q', '-s', '-u', serverMark(identity));
    // Each command runs separately: the session ends with its last pane, and later commands that name it fail.
    for (const each of [unmark, ...close, end]) await this.client.run('end the session', each).catch(() => undefined);
    this.dispose();
    return await endSurvivors(before, GRACE_MS);
  }

  /** Returns the text of a pane with its history, soft-wrapped lines joined. */
  async text(pane: string, historyLines: number): Promise<string> {
    const answer = await this.client.run(
      `read ${pane}`,
      command('capture-pane', '-p', '-J', '-S', `-${historyLines}`, '-t', pane),
    );
    return (answer.blocks[0] ?? []).join('\n');
  }

  /**
   * Runs commands while the session has the identity and the epoch written here, and the pane meets its condition; tmux
   * itself compares them. Throws TacoError not-leader, tmux-failed.
   */
  private async fenced(
    what: string,
    commands: string,
    of?: { readonly pane: string; readonly condition: string },
  ): Promise<TmuxAnswer> {
    const mayAct = both(isSession(this.identity), `#{==:#{?${EPOCH},#{${EPOCH}},0},${this.epoch}}`);
    const refuse = (why: string): string => `{ ${command('display-message', '-p', why)} }`;
    const checked = of
      ? `if-shell -F -t ${quote(of.pane)} ${quote(of.condition)} { ${commands} } ${refuse(NOT_OURS)}`
      : commands;
    const answer = await this.client.run(
      what,
      `if-shell -F -t ${quote(`${this.place.id}:`)} ${quote(mayAct)} { ${checked} } ${refuse(REFUSED)}`,
    );
    const said = answer.blocks.flat();
    if (said.includes(REFUSED)) throw errors.notLeader();
    if (said.includes(NOT_OURS)) throw errors.tmuxFailed(what, 'the pane does not carry the identity of this session');
    return answer;
  }

  /**
   * Returns every pane of the server with the identity, whatever session shows it, and all other panes of the session,
   * which end with it.
   */
  private async ownPanes(): Promise<readonly { readonly pane: string; readonly pid: number; readonly tty: string }[]> {
    const own = `#{||:${isOwner(this.identity)},#{==:#{session_id},${this.place.id}}}`;
    const format = `${own}|#{pane_id}|#{pane_dead}|#{pane_pid}|#{pane_tty}`;
    const answer = await this.client.run('list panes', command('list-panes', '-a', '-F', format));
    return (answer.blocks[0] ?? [])
      .map((line) => line.split('|'))
      .filter(([ours]) => ours === '1')
      .map(([, pane, dead, pid, tty]) => ({
        pane: pane ?? '',
        // The process id of a dead pane may belong to another process by now.
        pid: dead === '0' ? Number(pid) : 0,
        tty: dead === '0' ? (tty ?? '') : '',
      }));
  }

  /** Returns the processes of one pane, or of all panes of TACO. */
  private async processes(only?: string): Promise<readonly ProcessFacts[]> {
    const panes = await this.ownPanes().catch(() => []);
    return processesOfPanes(panes.filter(({ pane }) => only === undefined || pane === only));
  }

  dispose(): void {
    this.facts.dispose();
    this.changes.dispose();
    this.client.dispose();
  }
}

/** With two or more arguments tmux executes argv itself. It would pass a single one to a shell, hence `env`. */
function programArguments({ argv }: PaneProgram): readonly string[] {
  return ['env', ...argv];
}
