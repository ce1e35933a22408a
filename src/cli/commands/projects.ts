import { oneLine } from '../../core/base/truncate';
import { projectSummary, type ProjectSummary } from '../../core/team/projectSummary';
import { ProjectsReader } from '../../team/projects/projectsReader';
import { columnsOf, cut } from '../output/terminalText';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { silent } from '../runtime/openTeam';

/** `taco projects`: every team on this machine, read from what is there. */
export async function projects(context: CommandContext): Promise<CommandResult> {
  const reader = context.add(new ProjectsReader(context.paths, silent));
  const found = (await reader.read()).map((view) => projectSummary(view));
  return {
    json: { projects: found },
    text: found.length === 0 ? 'No team runs on this machine.' : table(found).join('\n'),
  };
}

function table(found: readonly ProjectSummary[]): string[] {
  const rows = found.map(({ project, state, agents, busy, needs, cost, hosts, goal }) => [
    oneLine(project),
    state,
    `${busy}/${agents}`,
    cut(oneLine(needs.join(', ')), 30),
    cost.split(',')[0] ?? '',
    cut(oneLine(hosts.join(', ')), 30),
    cut(oneLine(goal), 50),
  ]);
  return columnsOf([['PROJECT', 'STATE', 'BUSY', 'NEEDS YOU', 'COST', 'HOSTS', 'GOAL'], ...rows]);
}
