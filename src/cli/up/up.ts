/** `taco up`: the engine without VS Code, in the foreground. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { errors } from '../../core/errors/errors';
import { parsePlan } from '../../core/plan/parser';
import { checkRequest } from '../../core/team/checkRequest';
import type { Snapshot } from '../../core/team/snapshot';
import { teamPhaseOf } from '../../core/team/teamPhase';
import { evictionPolicy } from '../../redis/server/evictionPolicy';
import type { Team } from '../../team/team';
import { awayNote, sessionRecordOf, waitUntilStopped } from '../commands/down';
import { planInvalid, textOfFile } from '../commands/plan/planFile';
import type { CommandContext } from '../runtime/commandContext';
import { onDisconnect } from '../runtime/disconnect';
import type { CommandResult } from '../runtime/io';
import { leadingTeam } from '../runtime/openTeam';
import { startEngine, projectLogger } from '../runtime/startEngine';
import { mergedLines, mergedWork } from './finalMerge';
import { TeamRun, type RunEnd } from './teamRun';
const STOP_SECONDS = 20;
/**
 * Returns what to start; null: continue the running session. Throws TacoError session-exists, session-lost,
 * session-stopping, plan-invalid, usage.
 */
async function wanted(
  context: CommandContext,
  team: Team,
  before: Snapshot,
): Promise<{ goal: string; plan?: string } | null> {
  const { invocation } = context;
  const goal = invocation.text('goal');
  const file = invocation.text('plan');
  if (goal === undefined && file === undefined) {
    // Redis may have lost a team whose agents run on: the engine takes it over again.
    const isLost = before.session === null && existsSync(sessionRecordOf(team));
    if (!isLost && (before.session === null || before.session.phase === 'failed'))
      throw errors.usage('Cannot lead: no team runs here.', 'Start a team: taco up --goal "…"');
    return null;
  }
  const refusal = checkRequest('start', teamPhaseOf(before.session, before.plan), {
    projectDir: context.project(true).dir,
    tmuxSession: before.session?.tmux_session ?? '',
  });
  if (refusal) throw refusal;
  if (goal !== undefined && goal.trim() === '')
    throw errors.usage('The goal is empty.', 'State what the team should do.');
  if (file === undefined) return { goal: goal ?? '' };
  const text = await textOfFile(context, file);
  const parsed = parsePlan(text);
  if (parsed.plan === null) throw planInvalid(parsed);
  return { goal: goal ?? `Carry out the plan in ${file === '-' ? 'standard input' : file}`, plan: text };
}

function cliNote(context: CommandContext): string {
  const { invocation } = context;
  const command = invocation.text('agent-command');
  return `Agents: ${invocation.text('profile') ?? 'claude'}${command === undefined ? '' : ` (${command})`}. Ctrl-C leaves the team running.`;
}

function evictionWarning(policy: string): string {
  return `Warning: this Redis removes keys when its memory is full (maxmemory-policy ${policy}), and with them messages and agents. Set it to noeviction: redis-cli CONFIG SET maxmemory-policy noeviction`;
}

/** Ends as the run ended: detached leaves everything, `--until-done` stops the session and accounts for it. */
async function conclude(
  context: CommandContext,
  run: TeamRun,
  team: Team,
  end: RunEnd,
  session: string,
): Promise<CommandResult> {
  if (end.kind === 'detached') {
    const text = `The team runs on in the tmux session ${session}. \`taco up\` leads it again, \`taco down\` ends it.`;
    return { json: { result: 'detached', session, ...run.report }, text };
  }
  if (end.kind === 'stopped')
    return {
      json: { result: 'stopped', session, ...run.report },
      text: 'The session was stopped.',
      exitCode: context.invocation.flag('until-done') ? 1 : 0,
    };
  // Another start came first: its session is not this command's.
  if (end.kind === 'failed' && end.error.code === 'session-exists') throw end.error;
  await run.settle().catch(() => undefined);
  const done = end.kind === 'done' && run.allDelivered;
  const merged = mergedWork((await team.snapshot().catch(() => null))?.agents ?? []);
  const lost = end.kind === 'failed' && end.error.code === 'session-lost';
  if (context.invocation.flag('until-done') && !lost && !run.startFailed) {
    const before = await team.store.session();
    await team.request({ kind: 'stop' });
    const away = await waitUntilStopped(team, STOP_SECONDS, before);
    if (away.length > 0) run.say(awayNote(away).trim());
  }
  const text = [
    ...run.summary,
    ...mergedLines(merged),
    '',
    done
      ? 'Done.'
      : end.kind === 'failed'
        ? `Failed: ${end.error.message}${end.error.hint === '' ? '' : ` ${end.error.hint}`}`
        : 'Done, but not every message arrived.',
  ];
  const error = end.kind === 'failed' ? { error: end.error.toJSON() } : {};
  return {
    json: { result: done ? 'done' : 'failed', session, ...run.report, merged, ...error },
    text: text.join('\n'),
    exitCode: done ? 0 : 1,
  };
}

export async function up(context: CommandContext): Promise<CommandResult> {
  if (context.invocation.number('timeout') !== undefined && !context.invocation.flag('until-done'))
    throw errors.usage('--timeout goes with --until-done.', 'See `taco up --help`.');
  const team = await leadingTeam(context, projectLogger(context));
  const before = await team.snapshot();
  const start = await wanted(context, team, before);
  const engine = context.add(await startEngine(context, team));
  // The lost state could not be restored: it used another Redis, or nothing remembers it.
  if (start === null && engine.leading && (await team.store.session()) === null) {
    await engine.shutdown();
    throw errors.stateLost();
  }
  const ticket = start === null ? undefined : randomUUID();
  const run = context.add(new TeamRun(context, team, engine, ticket));
  onDisconnect(context.io, run.detach);
  run.say(cliNote(context));
  const evicts = await evictionPolicy(team.redis).catch(() => null);
  if (evicts !== null) run.say(evictionWarning(evicts));
  if (start && ticket !== undefined)
    await team.request({ kind: 'start', ...start, ticket, autoApprove: context.invocation.flag('yes') });
  run.follow();
  const end = await run.ended;
  if (ticket !== undefined && (await team.withdrawStart(ticket).catch(() => false)) && end.kind === 'detached') {
    run.dispose();
    await engine.shutdown();
    return { json: { result: 'withdrawn', ...run.report }, text: 'The start was withdrawn: nothing had begun.' };
  }
  const session = (await team.snapshot().catch(() => null))?.session?.tmux_session ?? '';
  try {
    return await conclude(context, run, team, end, session);
  } finally {
    run.dispose();
    await engine.shutdown();
  }
}
