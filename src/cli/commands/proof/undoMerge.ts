/** `taco worktree undo`: sets the user's branch back to before the newest merge of the lane. */
import { Git } from '../../../environment/git/git';
import { JournalFile } from '../../../environment/merging/journalFile';
import { UndoMerge } from '../../../environment/merging/undoMerge';
import { requireUser, type CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';

export async function undoMerge(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'undoing a merge');
  const { dir, id, paths } = context.project();
  const lane = new UndoMerge(new Git(context.io.env), dir, new JournalFile(paths.mergeJournal(id)));
  const merge = await lane.find();
  const ref = await lane.undo(merge);
  const { agent, target, before, branch } = merge;
  return {
    json: { agent, target, before, undone: ref },
    text: `${target} is at ${before.slice(0, 10)} again, before the work of ${agent}. That work stays on ${branch}; the merged result is kept as ${ref}. To merge it again, prove it again: taco check run ${agent}`,
  };
}
