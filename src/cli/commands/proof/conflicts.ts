/** `taco worktree conflicts`: what agents' changes would do to each other. */
import { realpathSync } from 'node:fs';
import type { AgentRecord } from '../../../core/agents/agentRecord';
import { oneLine } from '../../../core/base/truncate';
import { specOf } from '../../../core/plan/agentSpecs';
import { Git } from '../../../environment/git/git';
import { Worktrees } from '../../../environment/git/worktrees';
import { Radar } from '../../../environment/merging/radar';
import type { CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { commandTeam } from '../../runtime/openTeam';

export async function worktreeConflicts(context: CommandContext): Promise<CommandResult> {
  const { dir, id, paths } = context.project();
  const worktrees = await new Worktrees(dir, paths.worktreesDir(id), context.io.env).list();
  const agents = await agentsOf(context);
  const trees = worktrees.map(({ name, path }) => {
    const record = agents.find(({ workspace }) => workspace === path || workspace.startsWith(`${path}/`));
    return { name: record?.name ?? name, path, owns: record && specOf(record)?.owns };
  });
  const project = realpathSync(dir);
  const { overlaps, outside } = await new Radar(new Git(context.io.env), project).scan([
    { name: 'user', path: project },
    ...trees,
  ]);
  const lines = [
    ...overlaps.flatMap(({ agents: [one, other], files, conflicts }) => [
      `${one} and ${other}: ${conflicts.length > 0 ? 'conflict' : 'both change'}`,
      ...files.map((file) => `  ${oneLine(file)}${linesText(conflicts.find((each) => each.file === file)?.lines)}`),
      ...conflicts
        .filter(({ file }) => !files.includes(file))
        .map(({ file, lines: ranges }) => `  ${oneLine(file)}${linesText(ranges)}`),
    ]),
    ...outside.map(
      ({ agent, files }) =>
        `${agent} changed files that it does not own: ${files.map((each) => oneLine(each)).join(', ')}`,
    ),
  ];
  return { json: { overlaps, outside }, text: lines.length === 0 ? 'No conflicts.' : lines.join('\n') };
}

function linesText(ranges: readonly (readonly [number, number])[] | undefined): string {
  if (ranges === undefined) return '';
  return ranges.length === 0
    ? ' (conflict)'
    : ` (conflict, lines ${ranges.map(([first, last]) => `${first}-${last}`).join(', ')})`;
}

/** Returns the agents of the session; none where no session can be read: their worktrees are compared all the same. */
async function agentsOf(context: CommandContext): Promise<readonly AgentRecord[]> {
  return commandTeam(context)
    .then((team) => team.snapshot())
    .then(({ agents }) => agents)
    .catch(() => []);
}
