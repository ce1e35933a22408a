import * as vscode from 'vscode';
import { TacoError } from '../../core/errors/tacoError';
import type { editorCommands } from '../manifest/editorContributions';
import { subjectOf } from '../shared/subject';
import type { ChangeRow } from './changeRows';
import { rootDescription, rootLabel } from './changeRows';
import type { ChangeRoot, ChangesModel } from './changesModel';
import type { Diffs } from './diffs';
import type { PullRequestStates } from './pullRequestStates';
import type { Review } from './review';
import type { EditorSender } from './sendToAgent';

export interface EditorParts {
  readonly changes: ChangesModel;
  readonly pullRequests: PullRequestStates;
  readonly diffs: Diffs;
  readonly review: Review;
  readonly sender: EditorSender;
}

/** Returns the handlers of the commands that work on files; VS Code's menus pass them more than one argument. */
export function editorHandlers(
  parts: EditorParts,
): Readonly<Record<keyof typeof editorCommands, (...args: unknown[]) => unknown>> {
  const { changes, diffs, review, sender } = parts;
  return {
    'taco.sendSelection': () => sender.selection(),
    'taco.sendFile': (uri, uris) => sender.files(uri, uris),
    'taco.sendHunk': (uri, all, index) => sender.hunk(uri, all, index),
    'taco.askToFix': (uri, diagnostics) => sender.problems(uri, diagnostics),
    'taco.openChange': (row) => openChange(diffs, row),
    'taco.openChangedFile': (row) =>
      isRow(row) && row.file && vscode.window.showTextDocument(vscode.Uri.file(row.file.file)),
    'taco.openChanges': (row) => openChanges(parts, row),
    'taco.nextChange': (resource) => diffs.step(1, resource),
    'taco.previousChange': (resource) => diffs.step(-1, resource),
    'taco.refreshChanges': () => changes.refresh(),
    'taco.openWorktree': (row) => openWorktree(changes, row),
    'taco.sendReview': () => review.send(),
    'taco.discardReview': () => review.discard(),
    'taco.addReviewComment': (reply) => review.add(reply),
    'taco.editReviewComment': (comment) => review.edit(comment),
    'taco.saveReviewComment': (comment) => review.save(comment),
    'taco.cancelReviewComment': (comment) => review.cancel(comment),
    'taco.deleteReviewComment': (comment) => review.remove(comment),
  };
}

function isRow(argument: unknown): argument is ChangeRow {
  return typeof argument === 'object' && argument !== null && 'root' in argument;
}

async function openChange(diffs: Diffs, row: unknown): Promise<void> {
  if (isRow(row) && row.file) await diffs.open(row.root, row.file);
}

async function openChanges({ changes, diffs }: EditorParts, argument: unknown): Promise<void> {
  const root = await chosenRoot(changes, argument, vscode.l10n.t('Select an agent to show its changes'), () => true);
  if (!root) return;
  if (root.changes.files.length > 0) return diffs.openAll(root);
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} has no changes.', rootLabel(root)));
}

async function openWorktree(changes: ChangesModel, argument: unknown): Promise<void> {
  const root = await chosenRoot(changes, argument, vscode.l10n.t("Select an agent's worktree"), ({ own }) => own);
  if (root)
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(root.workspace), {
      forceNewWindow: true,
    });
}

/** Shows how the files that one of two agents changed differ between their folders. Throws TacoError worktree-refused. */
export async function compareTrees({ changes, diffs }: EditorParts, argument: unknown): Promise<void> {
  const one = await chosenRoot(changes, argument, vscode.l10n.t('Select an agent to compare'), () => true);
  if (!one) return;
  const isOther = (root: ChangeRoot): boolean => root.changes.top !== one.changes.top;
  const question = vscode.l10n.t('Compare {0} with…', rootLabel(one));
  const other = await chosenRoot(changes, undefined, question, isOther, true);
  if (!other) return;
  if (await diffs.compare(one, other)) return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} and {1} do not differ in the files that they changed.', rootLabel(one), rootLabel(other)),
  );
}

/**
 * Returns the tree of the row that the command runs on, or one that the user picks. Throws TacoError worktree-refused
 * when there is none.
 */
async function chosenRoot(
  changes: ChangesModel,
  argument: unknown,
  question: string,
  fits: (root: ChangeRoot) => boolean,
  ask = false,
): Promise<ChangeRoot | undefined> {
  await changes.refresh();
  const { window } = subjectOf(argument);
  const wanted = (root: ChangeRoot): boolean =>
    isRow(argument)
      ? root.changes.top === argument.root.changes.top
      : window === undefined || root.agents.some((agent) => agent.window === window);
  const roots = changes.roots.filter((root) => wanted(root) && fits(root));
  if (roots.length === 0) {
    throw new TacoError(
      'worktree-refused',
      vscode.l10n.t('There is no worktree to show.'),
      vscode.l10n.t(
        'In a git repository, an agent gets a worktree with `"worktree": true` in the plan or the setting taco.worktrees.',
      ),
    );
  }
  if (roots.length === 1 && !ask) return roots[0];
  const items = roots.map((root) => ({ label: rootLabel(root), description: rootDescription(root), root }));
  // A webview that gets the focus back after the first question must not close the second.
  return (await vscode.window.showQuickPick(items, { placeHolder: question, ignoreFocusOut: ask }))?.root;
}
