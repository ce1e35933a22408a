/** `taco worktree merge` for proven work: the leader runs the merge lane, and this command waits for its journal. */
import { randomUUID } from 'node:crypto';
import { errors } from '../../../core/errors/errors';
import { isTacoError } from '../../../core/errors/tacoError';
import { mergedUnchecked, stepLine } from '../../../core/proof/mergeTexts';
import { JournalFile } from '../../../environment/merging/journalFile';
import { endOfRun } from '../../../team/work/endOfRun';
import type { CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { commandTeam, runningSnapshot } from '../../runtime/openTeam';

/**
 * Returns the names of the agents whose work goes through the merge lane, none for all; null when the work is merged
 * without it: it is not proven, or no team runs. Throws TacoError usage, worktree-refused.
 */
export async function provenWork(context: CommandContext): Promise<readonly string[] | null> {
  const all = context.invocation.flag('all');
  const name = context.invocation.rest(0);
  if (all === (name !== ''))
    throw errors.usage('Name one worktree, or say --all.', 'See `taco worktree merge --help`.');
  try {
    const snapshot = await runningSnapshot(await commandTeam(context));
    if (snapshot.leader === null && all)
      throw errors.worktreeRefused('No leader runs, so nothing can be merged.', 'Start one: taco up, or VS Code.');
    if (all) return [];
    const agent = snapshot.agents.find((each) => each.name === name.split('/').at(-1));
    if (!agent || snapshot.leader === null) return null;
    if (agent.proof === 'proven') return [agent.name];
    if (agent.proof === 'checking' || agent.proof === 'red' || agent.proof === 'stale' || agent.proof === 'conflict')
      throw errors.worktreeRefused(
        `The work of ${agent.name} is not proven (${agent.proof}).`,
        `See \`taco check show ${agent.name}\`; run the check: \`taco check run ${agent.name}\`.`,
      );
    return null;
  } catch (error) {
    if (!all && (isTacoError(error, 'no-session') || isTacoError(error, 'redis-unreachable'))) return null;
    throw error;
  }
}

/** Asks the leader to merge, and waits for the end. Exit code 1 when something was not merged. */
export async function mergeProven(context: CommandContext, agents: readonly string[]): Promise<CommandResult> {
  const { id, paths } = context.project();
  const ticket = randomUUID();
  const team = await commandTeam(context);
  await team.request({ kind: 'merge', agents, ticket });
  const file = new JournalFile(paths.mergeJournal(id));
  const journal = await endOfRun({ read: () => file.find(ticket), team: () => runningSnapshot(team) }, ticket);
  if (journal.problem !== '') throw errors.worktreeRefused(journal.problem, 'See `git status` in the project.');
  const merged = journal.steps.filter(({ state }) => state === 'merged');
  const lines = journal.steps.map((step) => stepLine(step, journal.target));
  const warning = mergedUnchecked(journal);
  const left = merged.map(({ agent }) => `Remove its worktree and branch: taco worktree remove ${agent}`);
  return {
    json: { target: journal.target, method: journal.method, check: journal.check, steps: journal.steps, warning },
    text:
      lines.length === 0
        ? 'No work is proven that is not merged.'
        : [...lines, ...(warning === null ? [] : [warning]), ...left].join('\n'),
    exitCode: merged.length === journal.steps.length ? 0 : 1,
  };
}
