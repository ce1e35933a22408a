import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { recipientsOf } from '../../core/messages/recipients';
import type { SessionState } from '../../core/team/session';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import { openTeam, type Team } from '../../team/team';
import type { CommandContext } from './commandContext';

/** For a command that prints its own errors. */
export const silent: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A snapshot with a session. */
export type RunningSnapshot = Snapshot & { readonly session: SessionState };

/**
 * Opens the project's client; it closes with the command. Throws TacoError no-project, redis-missing,
 * redis-unreachable.
 */
export async function commandTeam(context: CommandContext): Promise<Team> {
  const place = context.project();
  return context.add(
    await openTeam({
      projectDir: place.dir,
      paths: place.paths,
      env: context.io.env,
      redisUrl: place.redisUrl,
      startRedis: false,
      logger: silent,
    }),
  );
}

/**
 * Does the same as `commandTeam` for a process that will lead: the folder becomes a project, and TACO's Redis is
 * started and kept running.
 */
export async function leadingTeam(context: CommandContext, logger: Logger): Promise<Team> {
  const place = context.project(true);
  return context.add(
    await openTeam({
      projectDir: place.dir,
      paths: place.paths,
      env: context.io.env,
      redisUrl: place.redisUrl,
      startRedis: true,
      logger,
    }),
  );
}

/**
 * Does the same as `commandTeam` for a process that runs agents of a team with a leader elsewhere: the folder becomes
 * a project, and its Redis already runs.
 */
export async function joiningTeam(context: CommandContext, logger: Logger): Promise<Team> {
  const place = context.project(true);
  return context.add(
    await openTeam({
      projectDir: place.dir,
      paths: place.paths,
      env: context.io.env,
      redisUrl: place.redisUrl,
      startRedis: false,
      logger,
    }),
  );
}

/** Returns the snapshot of a running session. Throws TacoError no-session. */
export async function runningSnapshot(team: Pick<Team, 'snapshot' | 'projectDir'>): Promise<RunningSnapshot> {
  const snapshot = await team.snapshot();
  const { session } = snapshot;
  if (session === null) throw errors.noSession(team.projectDir);
  return { ...snapshot, session };
}

/** Returns a note when a request has to wait for a leader. */
export function leaderNote(snapshot: Snapshot): string {
  return snapshot.leader === null ? '\nNo leader is running: this takes effect once VS Code or `taco up` starts.' : '';
}

/** Returns the one agent that `to` names; throws TacoError unknown-agent for any other, also for `user` and `all`. */
export function agentNamed(to: string, { session, agents }: RunningSnapshot): AgentView {
  const roster = { tmuxSession: session.tmux_session, agents };
  const found = /^(user|all)$/i.test(to) ? [] : recipientsOf(to, roster, null);
  const agent = agents.find((one) => found[0]?.target.endsWith(`:${one.window}`));
  if (agent) return agent;
  throw errors.unknownAgent(
    to,
    agents.map((one) => one.name),
  );
}
