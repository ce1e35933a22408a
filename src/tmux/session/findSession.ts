/**
 * Finds the tmux session with a given identity and restores access to it: after its socket was deleted, or its main
 * session was closed while a view still shows its windows.
 */
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { PANE_OWNER, SESSION_IDENTITY, serverMark } from '../client/identity';
import { runTmux } from '../client/runTmux';
import { hookNames, sessionOptions } from './ownOptions';
import { processFacts, signalProcess, stillRuns } from './processTable';
import type { SessionPlace } from './sessionFence';
import type { ServerProcess, SessionRecord } from './sessionRecord';
import { makeSocketFolder, socketPath } from './socketPath';
import type { TmuxServerOptions } from './tmuxSession';

/** `unreachable`: its server runs but cannot be contacted; nothing may be started in its place. */
export type Finding =
  | { readonly kind: 'found'; readonly place: SessionPlace; readonly options: TmuxServerOptions }
  | { readonly kind: 'ended' }
  | { readonly kind: 'unreachable'; readonly server: ServerProcess; readonly socket: string; readonly why: string };

const NO_SERVER =
  /no server running|error connecting to .*\((No such file or directory|Connection refused)\)|server exited|lost server/;
const SOCKET_MS = 3000;
const POLL_MS = 50;

interface Pane {
  readonly server: number;
  readonly session: string;
  readonly name: string;
  /** The session's own identity; a view has none. */
  readonly identity: string;
  readonly owner: string;
  /** The session that the server's mark of the identity names. */
  readonly marked: string;
}

/**
 * Finds the session. Throws TacoError tmux-failed or tmux-missing if its state is unknown, because a session reported
 * as ended is created again.
 */
export async function findSession(
  options: TmuxServerOptions,
  identity: string,
  record: SessionRecord | null,
): Promise<Finding> {
  const there = { ...options, socket: record?.socket ?? socketPath(options.socket, options.env) };
  let panes = await panesOf(there, identity);
  if (panes === null && record?.server && (await stillRuns(record.server))) {
    await restoreSocket(there.socket, record.server);
    panes = await until(() => panesOf(there, identity));
    if (panes === null)
      return { kind: 'unreachable', server: record.server, socket: there.socket, why: 'its socket cannot be restored' };
  }
  if (panes === null) return { kind: 'ended' };
  const own = panes.find((each) => each.identity === identity && each.marked === each.session);
  if (own) return { kind: 'found', place: { id: own.session, name: own.name, identity }, options: there };
  const view = panes.find((each) => each.owner === identity);
  if (view)
    return { kind: 'found', place: await regroup(there, identity, view, record?.session ?? ''), options: there };
  if (record?.server && panes[0]?.server !== record.server.pid && (await stillRuns(record.server))) {
    const why = 'another tmux server has taken its socket';
    return { kind: 'unreachable', server: record.server, socket: there.socket, why };
  }
  return { kind: 'ended' };
}

/**
 * Returns the server process behind a socket, with its start time to detect a reused process id; null when none
 * answers.
 */
export async function serverOf(options: TmuxServerOptions): Promise<ServerProcess | null> {
  const socket = socketPath(options.socket, options.env);
  const pid = await runTmux(options.tmuxCommand, ['-S', socket, 'display-message', '-p', '#{pid}'], options.env).catch(
    () => '',
  );
  const facts = await processFacts(Number(pid.trim()));
  return facts && { pid: facts.pid, started: facts.started };
}

/** Makes a server that lost its socket create it again by SIGUSR1 (tmux(1)). */
export async function restoreSocket(socket: string, server: ServerProcess): Promise<void> {
  await makeSocketFolder(socket);
  await signalProcess(server, 'SIGUSR1');
}

/** Returns the panes of the server; null when no server answers. */
async function panesOf(options: TmuxServerOptions, identity: string): Promise<readonly Pane[] | null> {
  const fields = ['pid', 'session_id', SESSION_IDENTITY, PANE_OWNER, serverMark(identity), 'session_name'];
  const format = fields.map((field) => `#{${field}}`).join('|');
  try {
    const answer = await runTmux(
      options.tmuxCommand,
      ['-S', options.socket, 'list-panes', '-a', '-F', format],
      options.env,
    );
    return answer
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [server, session = '', own = '', owner = '', marked = '', ...name] = line.split('|');
        return { server: Number(server), session, identity: own, owner, marked, name: name.join('|') };
      });
  } catch (error) {
    if (isTacoError(error, 'tmux-failed') && NO_SERVER.test(errorMessage(error))) return null;
    throw error;
  }
}

/** Creates the main session again, with the windows that a view still shows. */
async function regroup(
  options: TmuxServerOptions,
  identity: string,
  view: Pane,
  wanted: string,
): Promise<SessionPlace> {
  const tmux = (...args: readonly string[]): Promise<string> =>
    runTmux(options.tmuxCommand, ['-u', '-S', options.socket, ...args], options.env);
  const names = (await tmux('list-sessions', '-F', '#{session_name}')).split('\n');
  const base = wanted || view.name;
  let name = base;
  for (let n = 2; names.includes(name); n++) name = `${base}-${n}`;
  const hooks = hookNames((await tmux('show-hooks', '-g')).split('\n'));
  const target = `=${name}:`;
  const own = [
    ['set-option', '-t', target, SESSION_IDENTITY, identity],
    ...sessionOptions(target, hooks),
    ['set-option', '-s', '-F', '-t', target, serverMark(identity), '#{session_id}'],
  ];
  const id = await tmux(
    ...['new-session', '-d', '-P', '-F', '#{session_id}', '-s', name, '-t', view.session],
    ...own.flatMap((each) => [';', ...each]),
  );
  return { id: id.trim(), name, identity };
}

async function until<T>(get: () => Promise<T | null>): Promise<T | null> {
  for (const end = Date.now() + SOCKET_MS; ;) {
    const value = await get();
    if (value !== null || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
