import { dollars, formatUsage } from '../../core/agents/formatUsage';
import { NO_USAGE } from '../../core/agents/usage';
import { oneLine } from '../../core/base/truncate';
import type { Snapshot } from '../../core/team/snapshot';
import { contextText, rateText, spendingText } from '../../core/vitals/formatVitals';
import { columnsOf } from '../output/terminalText';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { leaderNote, runningSnapshot, commandTeam } from '../runtime/openTeam';
import { budgetOf } from '../runtime/startEngine';

/** Returns `≈ $1.23 of $5.00, 1.2M in, 34k out ($4.10 per hour; at this rate the budget ends at 03:10)`, or no line while there is neither cost nor budget. */
export function budgetLine(snapshot: Snapshot): string[] {
  const { usage, session } = snapshot;
  const spending = spendingText(snapshot);
  const budget = Number(session?.budget ?? 0);
  const used = usage ? formatUsage(usage, budget) : '';
  const rate = spending === '' ? '' : ` (${spending})`;
  if (budget <= 0) return used === '' ? [] : [`${used}${rate}`];
  return [
    `${used || `${dollars(0)} of ${dollars(budget)}`}${session?.spent === 'true' ? ': used up, agents are stopped' : rate}`,
  ];
}

/** `taco budget [USD]`. Throws TacoError no-session, type-refused, usage. */
export async function budget(context: CommandContext): Promise<CommandResult> {
  const text = context.invocation.argument(0);
  if (text !== '') return setBudget(context, text);
  const snapshot = await runningSnapshot(await commandTeam(context));
  const limit = Number(snapshot.session.budget ?? 0);
  const agents = snapshot.agents.flatMap(({ name, window, usage, context, vitals }) =>
    usage
      ? [{ name, window, usage, ...(context === undefined ? {} : { context }), ...(vitals ? { vitals } : {}) }]
      : [],
  );
  const lines = [
    ...budgetLine(snapshot),
    ...columnsOf(
      agents.map(({ name, usage, context, vitals }) => [
        oneLine(name),
        formatUsage(usage),
        contextText(context),
        rateText(vitals?.costPerHour),
      ]),
    ),
  ];
  return {
    json: { budget: limit, spent: snapshot.session.spent === 'true', team: snapshot.usage ?? NO_USAGE, agents },
    text: lines.join('\n') || 'No cost is recorded yet, and there is no budget.',
  };
}

async function setBudget(context: CommandContext, text: string): Promise<CommandResult> {
  requireUser(context, 'a budget');
  const usd = budgetOf(text);
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  await team.request({ kind: 'budget', usd });
  return {
    json: { requested: 'budget', usd },
    text: `${usd === 0 ? 'The team has no budget any more.' : `The team may cost ${dollars(usd)}.`}${leaderNote(snapshot)}`,
  };
}
