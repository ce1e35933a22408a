import { Emitter, type DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { ControlClient } from '../client/controlClient';
import { PANE_OWNER, isOwner, isSession, newIdentity, serverMark } from '../client/identity';
import { command, commandList, formatText, quote } from '../client/quote';
import { runTmux } from '../client/runTmux';
import { PaneDriver } from '../pane/paneDriver';
import { makeSession } from './makeSession';
import { asCommands, hookNames, serverOptions, sessionOptions, windowOptions } from './ownOptions';
import type { ProcessFacts } from './processTable';
import { endSurvivors } from './processTree';
import { SessionFence, type SessionPlace } from './sessionFence';
import { type PaneProgram, programArguments, SessionPanes, type WindowPane } from './sessionPanes';
import { socketPath } from './socketPath';
import { WaitingMarks } from './waitingMarks';

export interface TmuxServerOptions {
  readonly tmuxCommand: string;
  /** Name (`-L`) or full path (`-S`) of the server's socket. */
  readonly socket: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Facts of a pane from the subscription: reported at most once a second and only on change. */
export interface PaneFacts {
  readonly pane: string;
  readonly dead: boolean;
  readonly inMode: boolean;
}

const FACTS = 'taco-facts';
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
  private readonly fence: SessionFence;
  private readonly sessionPanes: SessionPanes;
  readonly panes: PaneDriver;
  readonly waiting: WaitingMarks;
  /** Fires when a pane dies, is respawned, or changes its mode. */
  readonly onPaneFacts = this.facts.event;
  /** Fires when windows are created, closed or renamed. */
  readonly onWindowsChanged = this.changes.event;
  readonly onExit: ControlClient['onExit'];

  private constructor(
    readonly place: SessionPlace,
    private readonly client: ControlClient,
  ) {
    this.fence = new SessionFence(client, place);
    this.sessionPanes = new SessionPanes(client, place);
    this.waiting = new WaitingMarks(client, this.fence, place);
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
    this.sessionPanes.windowHooks = hookNames(hooks.blocks[1] ?? []);
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
      await this.client.run(
        'set window options',
        commandList(...asCommands(windowOptions(pane, this.sessionPanes.windowHooks))),
      );
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
        ...this.sessionPanes.marks(pane, launch),
        command('kill-pane', '-a', '-t', pane),
        ...(window === 0 ? [] : [command('move-window', '-s', pane, '-t', `${id}:0`)]),
      ),
    );
    for (const other of (await this.windows()).filter(({ ours }) => !ours))
      await this.client.run('close a window that a hook made', command('kill-pane', '-t', other.pane));
  }

  /**
   * Writes the leader's epoch, which every fence compares; it only grows. Throws TacoError not-leader when a later one
   * exists.
   */
  async setEpoch(epoch: number): Promise<void> {
    await this.fence.setEpoch(epoch);
  }

  /** Returns the epoch that the session carries; 0 when it carries none. */
  async epochThere(): Promise<number> {
    return await this.fence.epochThere();
  }

  /** Returns every pane of the session, with its window. */
  async windows(): Promise<readonly WindowPane[]> {
    return await this.sessionPanes.windows();
  }

  /**
   * Creates window `index` with the program in it and returns its pane id. Throws TacoError tmux-failed when the index
   * is taken, not-leader when another process leads.
   */
  async newWindow(index: number, name: string, program: PaneProgram): Promise<string> {
    const target = `${this.place.id}:${index}`;
    const answer = await this.fence.run(
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
        ...this.sessionPanes.marks(target, program.launch ?? ''),
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
    const before = await this.sessionPanes.processes(pane);
    await this.fence.run(
      `start a program in ${pane}`,
      commandList(
        command('set-option', '-p', '-t', pane, '@taco', ''),
        command('respawn-pane', '-k', '-t', pane, ...programArguments(program)),
        ...this.sessionPanes.marks(pane, program.launch ?? ''),
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
    await this.fence.run(
      `move ${pane} into window ${index}`,
      commandList(
        command('break-pane', '-d', '-s', pane, '-n', formatText(name), '-t', `${this.place.id}:${index}`),
        ...this.sessionPanes.marks(pane, ''),
      ),
      { pane, condition: `#{==:#{${PANE_OWNER}},}` },
    );
  }

  /** Closes the pane and ends all its processes, including their children. */
  async killPane(pane: string): Promise<void> {
    const before = await this.sessionPanes.processes(pane);
    const ours = { pane, condition: isOwner(this.identity) };
    await this.fence.run(`close ${pane}`, command('kill-pane', '-t', pane), ours).catch((error: unknown) => {
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
    const before = await this.sessionPanes.processes();
    const panes = await this.sessionPanes.own().catch(() => []);
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

  dispose(): void {
    this.facts.dispose();
    this.changes.dispose();
    this.client.dispose();
  }
}
