/** The plan under review in the running session. */
import { errors } from '../../../core/errors/errors';
import type { Plan } from '../../../core/models';
import { parsePlan } from '../../../core/plan/parser';
import { changeLines } from '../../../core/plan/planDiff';
import { refusals } from '../../../core/team/refusals';
import { teamPhaseOf } from '../../../core/team/teamPhase';
import { planTable, problemLines } from '../../output/tables';
import { requireUser, type CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { leaderNote, runningSnapshot, commandTeam } from '../../runtime/openTeam';
import { planInvalid, textOfFile } from './planFile';

/** Throws TacoError plan-invalid with every problem. */
async function planIn(context: CommandContext, file: string): Promise<{ plan: Plan; text: string }> {
  const text = await textOfFile(context, file);
  const parsed = parsePlan(text);
  if (parsed.plan === null) throw planInvalid(parsed);
  return { plan: parsed.plan, text };
}

export async function planSubmit(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a plan', 'or-mother');
  const { plan, text } = await planIn(context, context.invocation.argument(0));
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  await team.request({ kind: 'submit-plan', text });
  return {
    json: { requested: 'submit-plan', plan },
    text: `Submitted a plan of ${plan.agents.length} agents for review.${leaderNote(snapshot)}`,
  };
}

export async function planShow(context: CommandContext): Promise<CommandResult> {
  const { plan: review } = await runningSnapshot(await commandTeam(context));
  if (review === null) throw errors.planMissing();
  const problems = review.problems.length === 0 ? [] : ['', 'Problems:', ...problemLines(review.problems)];
  const change =
    review.change === undefined
      ? []
      : ['', 'It changes the team that runs:', ...changeLines(review.change).map((line) => `  ${line}`)];
  const table = review.plan === null ? [] : ['', ...planTable(review.plan)];
  const proposal =
    review.plan !== null || review.proposal === null
      ? []
      : ['', 'A corrected plan is proposed (--json shows it as "proposal"):', ...planTable(review.proposal)];
  return {
    json: review,
    text: [
      `The plan is ${review.status}${review.repaired ? ' (its JSON had to be repaired)' : ''}.`,
      ...change,
      ...table,
      ...problems,
      ...proposal,
    ].join('\n'),
  };
}

export async function planApprove(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'an approval');
  const file = context.invocation.argument(0);
  const given = file === '' ? null : (await planIn(context, file)).plan;
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  if (given === null && teamPhaseOf(snapshot.session, snapshot.plan) === 'no-plan') throw refusals.planHasProblems();
  const plan = given ?? snapshot.plan?.plan ?? null;
  await team.request({ kind: 'approve', plan, ...(given === null ? { review: snapshot.plan?.at ?? 0 } : {}) });
  return {
    json: { requested: 'approve', plan },
    text: `Approved: ${(plan?.agents ?? []).map((agent) => agent.name).join(', ')}.${leaderNote(snapshot)}`,
  };
}

export async function planReject(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a rejection');
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  await team.request({ kind: 'reject', note: context.invocation.rest(0) });
  return { json: { requested: 'reject' }, text: `Sent back to Mother.${leaderNote(snapshot)}` };
}
