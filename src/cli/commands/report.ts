import { errors } from '../../core/errors/errors';
import { reportMarkdown } from '../../core/report/reportMarkdown';
import { sinceTime } from '../../core/report/sinceTime';
import { gatherReport } from '../../team/report/gatherReport';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { commandTeam, runningSnapshot } from '../runtime/openTeam';

/** `taco report [--since TIME]`. Throws TacoError no-session, usage. */
export async function report(context: CommandContext): Promise<CommandResult> {
  const { invocation, io } = context;
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  const text = invocation.text('since');
  const since = text === undefined ? Date.parse(snapshot.session.started_at) || 0 : sinceTime(text, snapshot.at);
  if (since === null)
    throw errors.usage(
      `"${text ?? ''}" is no time in the past.`,
      'Give a time such as 22:00, a duration such as 8h, or a date such as 2026-11-30T22:00.',
    );
  const found = await gatherReport(team, snapshot, since, io.env);
  return { json: found, text: reportMarkdown(found).trimEnd() };
}
