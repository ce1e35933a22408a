/** The end of a session; `taco up` needs it too. */
import { existsSync } from 'node:fs';
import { errors } from '../../core/errors/errors';
import { isTacoError, TacoError } from '../../core/errors/tacoError';
import type { HostView } from '../../core/team/hosts';
import type { SessionState } from '../../core/team/session';
import { systemClock } from '../../environment/systemClock';
import { sessionKey } from '../../orchestrator/hostExecutor';
import { HostStore } from '../../redis/state/hostStore';
import type { Team } from '../../team/team';
import { processesOfProject } from '../../tmux/session/teamProcesses';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { commandTeam, leadingTeam } from '../runtime/openTeam';
import { projectLogger, startEngine } from '../runtime/startEngine';

const DEFAULT_DOWN_SECONDS = 20;
const POLL_MS = 100;

/**
 * Returns the path of this machine's record of the session, which is deleted when every process of the team has
 * ended.
 */
export function sessionRecordOf(team: Team): string {
  return team.options.paths.tmuxRecord(team.projectId);
}

/**
 * Resolves once the session has ended with all its processes, on this machine and on the connected hosts. Returns the
 * disconnected hosts, whose agents end when they connect again. Throws TacoError stop-incomplete, timeout.
 * @param before the session that was asked to stop
 */
export async function waitUntilStopped(
  team: Team,
  seconds: number,
  before: SessionState | null,
): Promise<readonly string[]> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const { session } = await team.snapshot();
    // A stop that the leader has not acknowledged would be carried out again by the next one.
    const isStopped = session === null && !existsSync(sessionRecordOf(team)) && !(await isStopPending(team));
    const hosts = isStopped ? await hostsOf(team, sessionKey(before)) : [];
    const connected = hosts.filter(({ awaySince }) => awaySince === null).map(({ name }) => name);
    if (isStopped && connected.length === 0) return hosts.map(({ name }) => name);
    if (session?.phase === 'stopping' && session.detail !== '')
      throw new TacoError('stop-incomplete', session.detail, 'Then run `taco down` again.');
    if (Date.now() >= end)
      throw errors.timeout(
        isStopped ? `The end of the agents on ${connected.join(', ')}` : 'The end of the session',
        seconds,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function isStopPending(team: Team): Promise<boolean> {
  return (await team.store.requests.read()).some(({ request }) => request.kind === 'stop');
}

/** Returns the hosts that still have a tmux session of this project session. */
async function hostsOf(team: Team, key: string): Promise<readonly HostView[]> {
  const store = new HostStore(team.redis, team.keys, systemClock, team.options.logger);
  const hosts = key === '' ? [] : await store.list();
  const of = await Promise.all(hosts.map(async ({ name }) => (await store.get(name))?.of));
  return hosts.filter((_, at) => of[at] === key);
}

/** Returns a sentence about hosts that could not be reached; empty when there are none. */
export function awayNote(hosts: readonly string[]): string {
  return hosts.length === 0 ? '' : ` Disconnected, so their agents run until they connect again: ${hosts.join(', ')}.`;
}

/**
 * Opens the project. When TACO_HOME was deleted, only the processes of a team say that there is one: the project is
 * then made again, to end them. Throws TacoError no-project, and type-refused for an agent.
 */
async function openRemaining(context: CommandContext): Promise<{ readonly team: Team; readonly remains: boolean }> {
  try {
    requireUser(context, 'the end of the team');
    context.project();
  } catch (error) {
    if (!isTacoError(error, 'no-project')) throw error;
    const { id, paths, socket } = context.project(true);
    if ((await processesOfProject(id, paths.home, socket)).length === 0) throw error;
    return { team: await leadingTeam(context, projectLogger(context)), remains: true };
  }
  return { team: await commandTeam(context), remains: false };
}

/**
 * `taco down`: the leader ends the session. This process competes for the lease, in case the leader is dead or
 * absent. Throws TacoError type-refused for an agent.
 */
export async function down(context: CommandContext): Promise<CommandResult> {
  const { team, remains } = await openRemaining(context);
  const { session } = await team.snapshot();
  // Also ends agents that Redis has lost.
  if (session === null && !remains && !existsSync(sessionRecordOf(team))) throw errors.noSession(team.projectDir);
  if (session?.phase === 'stopping') await team.store.setSession({ detail: '' });
  const engine = context.add(await startEngine(context, team));
  await team.request({ kind: 'stop' });
  let away: readonly string[];
  try {
    away = await waitUntilStopped(team, context.invocation.number('timeout') ?? DEFAULT_DOWN_SECONDS, session);
  } finally {
    await engine.shutdown();
  }
  const name = session?.tmux_session ?? '';
  const text = name === '' ? 'Stopped the agents that still ran.' : `Stopped ${name}.`;
  return { json: { stopped: name, away }, text: `${text}${awayNote(away)}` };
}
