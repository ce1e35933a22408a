/** The end of `taco up --until-done --merge-when-proven`: nothing that is proven stays unmerged. */
import { randomUUID } from 'node:crypto';
import { errors } from '../../core/errors/errors';
import type { TacoError } from '../../core/errors/tacoError';
import { commandText } from '../../core/programs/commandLine';
import { isOver } from '../../core/proof/mergeJournal';
import { mergedUnchecked, stepLine } from '../../core/proof/mergeTexts';
import { evidenceOf } from '../../core/proof/proof';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import { JournalFile } from '../../environment/merging/journalFile';
import type { Team } from '../../team/team';
import { endOfRun } from '../../team/work/endOfRun';

/** An agent whose work the target has, with what proved it. */
export interface MergedWork {
  readonly agent: string;
  readonly command: readonly string[];
  readonly commit: string;
  readonly log: string;
}

/** Merges what is proven once the team is done. Work that conflicts or fails goes back to its agent, and the run goes on. */
export class FinalMerge {
  constructor(
    private readonly team: Team,
    private readonly say: (line: string) => void,
  ) {}

  /** Returns whether work is proven that the target does not have; work in the project's own folder is there already. */
  isNeeded({ agents }: Snapshot): boolean {
    return agents.some(({ proof, workspace }) => proof === 'proven' && workspace !== this.team.projectDir);
  }

  /** Merges all proven work. Returns why the run cannot end well; null when it can, or when agents work on. */
  async run(): Promise<TacoError | null> {
    const { team } = this;
    const ticket = randomUUID();
    await team.request({ kind: 'merge', agents: [], ticket });
    const file = new JournalFile(team.options.paths.mergeJournal(team.projectId));
    const journal = await endOfRun({ read: () => file.find(ticket), team: () => this.runningTeam() }, ticket);
    if (journal.problem !== '') return errors.worktreeRefused(journal.problem, 'See `git status` in the project.');
    for (const step of journal.steps.filter(isOver)) this.say(stepLine(step, journal.target));
    const warning = mergedUnchecked(journal);
    if (warning !== null) this.say(warning);
    const stuck = journal.steps.filter(({ state }) => state === 'blocked');
    if (stuck.length === 0) return null;
    const why = stuck.map(({ agent, reason }) => `${agent}: ${reason}`).join('; ');
    return errors.worktreeRefused(
      `Not everything could be merged: ${why}.`,
      'Remove the cause, then `taco worktree merge`.',
    );
  }

  private async runningTeam(): Promise<Snapshot> {
    const snapshot = await this.team.snapshot();
    if (snapshot.session === null) throw errors.noSession(this.team.projectDir);
    return snapshot;
  }
}

/** Returns the merged work of a team with its evidence. */
export function mergedWork(agents: readonly AgentView[]): readonly MergedWork[] {
  return agents.flatMap((agent) => {
    if (agent.proof !== 'merged') return [];
    const { command = [], commit = '', log = '' } = evidenceOf(agent) ?? {};
    return [{ agent: agent.name, command, commit, log }];
  });
}

/** One line for each merged agent. */
export function mergedLines(merged: readonly MergedWork[]): readonly string[] {
  if (merged.length === 0) return [];
  return [
    '',
    'Merged:',
    ...merged.map(({ agent, command, commit }) =>
      command.length === 0
        ? `  ${agent}: without a check`
        : `  ${agent}: proven by \`${commandText(command)}\`${commit === '' ? '' : ` at ${commit.slice(0, 10)}`}`,
    ),
  ];
}
