/** Texts that TACO sends about merges. */
import { oneLine } from '../base/truncate';
import { commandText } from '../programs/commandLine';
import type { MergeJournal, MergeStep } from './mergeJournal';

/** Characters of a check's output in a message. */
const SHOWN_OUTPUT = 3000;

/** The task of an author whose work conflicts with the target. */
export function resolveConflict({ files, branch }: MergeStep, target: string): string {
  return `Your work could not be merged: it conflicts with ${target} in ${files.join(', ')}. In your worktree run \`git merge ${target}\` (your branch is ${branch}), resolve the conflicts so that both intents are kept, commit, and run taco done again. Nothing was changed in ${target}.`;
}

/** The task of an author whose work fails the check after the merge. */
export function repairMerge({ reason }: MergeStep, { target, check }: MergeJournal, output: string): string {
  const end = output.trim().slice(-SHOWN_OUTPUT);
  return [
    `Your work could not be merged: together with ${target}, ${reason} (\`${commandText(check)}\`). Run \`git merge ${target}\` in your worktree, fix what fails, commit, and run taco done again. Nothing was changed in ${target}.`,
    ...(end === '' ? [] : [`The end of its output:\n${end}`]),
  ].join('\n');
}

/** Tells an agent that works on that the target has moved. */
export function targetMoved(merged: readonly string[], target: string): string {
  return `${target} has the work of ${merged.join(', ')} now. At the next good moment run \`git merge ${target}\` in your worktree, so that yours is built on it.`;
}

/** One line for the user about a step. */
export function stepLine({ agent, state, result, ref, reason }: MergeStep, target: string): string {
  if (state === 'merged')
    return `${agent}: merged into ${target} at ${result.slice(0, 10)}${ref === '' ? '' : ` (${target} before it: ${ref})`}`;
  return `${agent}: ${state}${reason === '' ? '' : `: ${reason}`}`;
}

/** Warns the user that results were merged without a check; null when each had to pass one, or nothing was merged. */
export function mergedUnchecked({ check, steps }: Pick<MergeJournal, 'check' | 'steps'>): string | null {
  if (check.length > 0 || !steps.some(({ state }) => state === 'merged')) return null;
  return 'The merged result was not checked: neither taco.mergeCheck nor taco.check is set.';
}

/** Tells an author that another one changes the same lines. */
export function conflictWith(
  conflicts: readonly { readonly file: string; readonly lines: readonly (readonly [number, number])[] }[],
  other: { readonly name: string; readonly window: number },
  intent: string,
): string {
  const places = conflicts.map(({ file, lines }) =>
    lines.length === 0 ? file : `${file} (around line ${lines.map(([first]) => first).join(', ')})`,
  );
  return `Your changes conflict with those of ${other.name} in ${places.join(', ')}. The work of ${other.name}: ${oneLine(intent, 400)} Agree now who changes what: taco send ${other.name} "…". This is said once.`;
}

/** Tells an author that it changed files of others. */
export function outsideOwned(files: readonly string[]): string {
  return `You changed files that are not yours: ${files.slice(0, 10).join(', ')}. Undo that, or ask their owner with taco send.`;
}
