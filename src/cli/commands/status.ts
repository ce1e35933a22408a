import { duration } from '../../core/base/duration';
import { oneLine } from '../../core/base/truncate';
import { accountLine } from '../../core/limits/limitTexts';
import { machineText, standstillText } from '../../core/vitals/formatVitals';
import { agentTable } from '../output/tables';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { runningSnapshot, commandTeam } from '../runtime/openTeam';
import { budgetLine } from './budget';

export async function status(context: CommandContext): Promise<CommandResult> {
  const snapshot = await runningSnapshot(await commandTeam(context));
  const { session, counters } = snapshot;
  const started = Date.parse(session.started_at);
  const text = [
    `Session:  ${session.tmux_session}, ${session.phase}${session.detail === '' ? '' : ` (${oneLine(session.detail)})`}`,
    `Project:  ${session.project_dir}`,
    ...(session.goal === '' ? [] : [`Goal:     ${oneLine(session.goal)}`]),
    `Started:  ${Number.isNaN(started) ? 'unknown' : `${duration(snapshot.at - started)} ago`}, led by ${snapshot.leader ?? 'no process'}`,
    ...(snapshot.trouble === undefined ? [] : [`Trouble:  nothing can be written: ${oneLine(snapshot.trouble, 300)}`]),
    `Messages: ${counters.pending} pending, ${counters.processing} processing (${counters.held} held), ${counters.executed} completed, ${counters.failed} failed, ${counters.dead} dead`,
    ...(snapshot.hosts ?? []).map(
      ({ name, machine, awaySince }) =>
        `Host:     ${name} (${oneLine(machine)})${awaySince === null ? '' : `, away for ${duration(snapshot.at - awaySince)}`}`,
    ),
    ...budgetLine(snapshot).map((line) => `Cost:     ${line}`),
    ...(snapshot.machines ?? []).map(
      (machine) => `Machine:  ${machine.host === '' ? '' : `${machine.host}: `}${machineText(machine)}`,
    ),
    ...snapshot.agents.flatMap(({ name, vitals }) => {
      const why = standstillText(vitals, snapshot.at);
      return why === '' ? [] : [`Check:    ${name}: ${oneLine(why, 200)}`];
    }),
    ...(snapshot.limits ?? []).map((limit) => `Limit:    ${oneLine(accountLine(limit, snapshot.at), 300)}`),
    ...(snapshot.agents.length === 0 ? [] : ['', ...agentTable(snapshot)]),
  ];
  return { json: snapshot, text: text.join('\n') };
}
