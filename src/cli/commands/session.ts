import { errors } from '../../core/errors';
import type { Snapshot } from '../../core/snapshot';
import type { TeamClient } from '../../core/team';
import { duration, oneLine } from '../../orchestrator/cells';
import { runningSnapshot, type CommandContext } from '../context';
import { agentTable } from '../format';
import type { Outcome } from '../io';
import { lead } from '../lead';

const DEFAULT_DOWN_SECONDS = 20;
const POLL_MS = 100;

/** Says so when a request has to wait for somebody to lead. */
export function leaderNote(snapshot: Snapshot): string {
  return snapshot.leader === null ? '\nNobody leads now: it is done once VS Code or `taco up` runs.' : '';
}

export async function status(context: CommandContext): Promise<Outcome> {
  const snapshot = await runningSnapshot(await context.team());
  const { session, counters } = snapshot;
  const started = Date.parse(session.started_at);
  const text = [
    `Session:  ${session.tmux_session}, ${session.phase}${session.detail === '' ? '' : ` (${oneLine(session.detail)})`}`,
    `Project:  ${session.project_dir}`,
    ...(session.goal === '' ? [] : [`Goal:     ${oneLine(session.goal)}`]),
    `Started:  ${Number.isNaN(started) ? 'unknown' : `${duration(snapshot.at - started)} ago`}, led by ${snapshot.leader ?? 'nobody'}`,
    `Messages: ${counters.pending} pending, ${counters.processing} processing (${counters.held} held), ${counters.executed} completed, ${counters.failed} failed, ${counters.dead} dead`,
    ...(snapshot.agents.length === 0 ? [] : ['', ...agentTable(snapshot)]),
  ];
  return { json: snapshot, text: text.join('\n') };
}

/** Resolves once the session is gone. Throws TacoError timeout. */
export async function untilGone(team: TeamClient, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    if ((await team.snapshot()).session === null) return;
    if (Date.now() >= end) throw errors.timeout('The end of the session', seconds);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `taco down`: whoever leads ends the session; when nobody does, this process leads for as long as that takes. */
export async function down(context: CommandContext): Promise<Outcome> {
  const team = await context.team();
  const { session, leader } = await runningSnapshot(team);
  await team.request({ kind: 'stop' });
  if (leader === null) context.add(await lead(context, team));
  await untilGone(team, context.invocation.number('timeout') ?? DEFAULT_DOWN_SECONDS);
  return { json: { stopped: session.tmux_session }, text: `Stopped ${session.tmux_session}.` };
}
