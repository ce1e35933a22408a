/** The end of a session; `taco up` needs it too. */
import { existsSync } from 'node:fs';
import { errors } from '../../core/errors/errors';
import { TacoError } from '../../core/errors/tacoError';
import type { Team } from '../../team/team';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { commandTeam } from '../runtime/openTeam';
import { startEngine } from '../runtime/startEngine';

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
 * Resolves once the session and all its processes on this machine have ended. Throws TacoError stop-incomplete,
 * timeout.
 */
export async function waitUntilStopped(team: Team, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const { session } = await team.snapshot();
    if (session === null && !existsSync(sessionRecordOf(team))) return;
    if (session?.phase === 'stopping' && session.detail !== '')
      throw new TacoError('stop-incomplete', session.detail, 'Then run `taco down` again.');
    if (Date.now() >= end) throw errors.timeout('The end of the session', seconds);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * `taco down`: the leader ends the session. This process competes for the lease, in case the leader is dead or
 * absent.
 */
export async function down(context: CommandContext): Promise<CommandResult> {
  const team = await commandTeam(context);
  const { session } = await team.snapshot();
  // Also ends agents that Redis has lost.
  if (session === null && !existsSync(sessionRecordOf(team))) throw errors.noSession(team.projectDir);
  if (session?.phase === 'stopping') await team.store.setSession({ detail: '' });
  const engine = context.add(await startEngine(context, team));
  await team.request({ kind: 'stop' });
  try {
    await waitUntilStopped(team, context.invocation.number('timeout') ?? DEFAULT_DOWN_SECONDS);
  } finally {
    await engine.shutdown();
  }
  const name = session?.tmux_session ?? '';
  return { json: { stopped: name }, text: name === '' ? 'Stopped the agents that still ran.' : `Stopped ${name}.` };
}
