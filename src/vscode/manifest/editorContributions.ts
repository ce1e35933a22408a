/**
 * The extension's additions to editors, explorer, comments and terminals of VS Code: part of the typed table in
 * contributions.ts.
 */
import type { CommandContribution, CommandId, MenuContribution } from './contributions';
import { workItemMenu } from './workContributions';

const RUNNING = "workspaceFolderCount != 0 && isWorkspaceTrusted && taco.session == 'active'";

/** Agents of a session that is being stopped get no message any more. */
const SENDING = `${RUNNING} && taco.phase != 'stopping'`;

export const editorCommands = {
  'taco.sendSelection': { title: 'Send Selection to Agent…', icon: 'send', enablement: SENDING, palette: true },
  'taco.sendFile': { title: 'Send File to Agent…', icon: 'file-symlink-file', enablement: SENDING, palette: true },
  'taco.sendHunk': { title: 'Send Hunk to Agent…', icon: 'diff', enablement: SENDING, palette: true },
  'taco.askToFix': { title: 'Ask Agent to Fix…', icon: 'wrench', enablement: SENDING, palette: true },
  'taco.openChange': { title: 'Open Change', icon: 'diff-single', enablement: RUNNING, palette: false },
  'taco.openChangedFile': { title: 'Open File', icon: 'go-to-file', enablement: RUNNING, palette: false },
  'taco.openChanges': {
    title: 'Show All Changes of Agent…',
    icon: 'diff-multiple',
    enablement: RUNNING,
    palette: true,
  },
  'taco.nextChange': { title: 'Next Changed File', icon: 'arrow-right', enablement: RUNNING, palette: true },
  'taco.previousChange': { title: 'Previous Changed File', icon: 'arrow-left', enablement: RUNNING, palette: true },
  'taco.refreshChanges': { title: 'Refresh Changes', icon: 'refresh', enablement: RUNNING, palette: true },
  'taco.openWorktree': {
    title: 'Open Worktree in New Window…',
    icon: 'multiple-windows',
    enablement: RUNNING,
    palette: true,
  },
  'taco.sendReview': { title: 'Send Review to Agent…', icon: 'comment-discussion', enablement: SENDING, palette: true },
  'taco.discardReview': { title: 'Discard Review', icon: 'discard', enablement: RUNNING, palette: true },
  'taco.addReviewComment': {
    title: 'Add to Review',
    icon: 'comment-add',
    enablement: '!commentIsEmpty',
    palette: false,
  },
  'taco.editReviewComment': { title: 'Edit Comment', icon: 'edit', enablement: 'true', palette: false },
  'taco.saveReviewComment': { title: 'Save Comment', icon: 'check', enablement: 'true', palette: false },
  'taco.cancelReviewComment': { title: 'Cancel', icon: 'close', enablement: 'true', palette: false },
  'taco.deleteReviewComment': { title: 'Delete Comment', icon: 'trash', enablement: 'true', palette: false },
} as const satisfies Record<string, CommandContribution>;

const IN_DIFF = 'taco.inDiff && isInDiffEditor';
const REVIEW = 'commentController == taco.review';
const ONE_WORKTREE = 'view == taco.changes && viewItem == changes.worktree';
const ANY_TREE = 'view == taco.changes && viewItem =~ /^changes\\.(worktree|project)$/';

/** Menu entries by VS Code's name of the menu. */
export const editorMenus: Readonly<Record<string, readonly MenuContribution[]>> = {
  'editor/context': [
    { command: 'taco.sendSelection', when: RUNNING, group: '9_taco@1' },
    { command: 'taco.sendHunk', when: `${RUNNING} && resourceScheme == file`, group: '9_taco@2' },
    { command: 'taco.askToFix', when: RUNNING, group: '9_taco@3' },
  ],
  'explorer/context': [{ command: 'taco.sendFile', when: `${RUNNING} && resourceScheme == file`, group: '9_taco@1' }],
  'editor/title/context': [
    { command: 'taco.sendFile', when: `${RUNNING} && resourceScheme == file`, group: '9_taco@1' },
  ],
  'scm/change/title': [{ command: 'taco.sendHunk', when: RUNNING, group: 'navigation@9' }],
  'editor/title': [
    { command: 'taco.previousChange', when: IN_DIFF, group: 'navigation@1' },
    { command: 'taco.nextChange', when: IN_DIFF, group: 'navigation@2' },
    { command: 'taco.sendReview', when: IN_DIFF, group: 'navigation@3' },
  ],
  'comments/commentThread/context': [{ command: 'taco.addReviewComment', when: REVIEW, group: 'inline@1' }],
  'comments/commentThread/title': [
    { command: 'taco.sendReview', when: `${REVIEW} && commentThread == pending`, group: 'navigation@1' },
  ],
  'comments/comment/title': [
    { command: 'taco.editReviewComment', when: `${REVIEW} && comment == pending`, group: 'inline@1' },
    { command: 'taco.deleteReviewComment', when: `${REVIEW} && comment == pending`, group: 'inline@2' },
  ],
  'comments/comment/context': [
    { command: 'taco.saveReviewComment', when: REVIEW, group: 'inline@1' },
    { command: 'taco.cancelReviewComment', when: REVIEW, group: 'inline@2' },
  ],
  'view/title': [
    { command: 'taco.sendReview', when: 'view == taco.changes', group: 'navigation@1' },
    { command: 'taco.refreshChanges', when: 'view == taco.changes', group: 'navigation@2' },
    { command: 'taco.discardReview', when: 'view == taco.changes', group: '1_review@1' },
    { command: 'taco.refreshPullRequests', when: 'view == taco.changes', group: '2_pullRequests@1' },
  ],
  'view/item/context': [
    { command: 'taco.openChanges', when: ANY_TREE, group: 'inline@1' },
    { command: 'taco.openWorktree', when: ONE_WORKTREE, group: 'inline@2' },
    { command: 'taco.openChangedFile', when: 'view == taco.changes && viewItem == changes.file', group: 'inline@1' },
    { command: 'taco.openChanges', when: ANY_TREE, group: '1_open@1' },
    { command: 'taco.openWorktree', when: ONE_WORKTREE, group: '1_open@2' },
    {
      command: 'taco.openChange',
      when: 'view == taco.changes && viewItem =~ /^changes\\.(file|deleted)$/',
      group: '1_open@1',
    },
    { command: 'taco.openChangedFile', when: 'view == taco.changes && viewItem == changes.file', group: '1_open@2' },
    { command: 'taco.openChanges', when: 'view == taco.agents && viewItem =~ /^agent/', group: '3_changes@1' },
    {
      command: 'taco.openWorktree',
      when: 'view == taco.agents && viewItem =~ /^agent\\.worktree/',
      group: '3_changes@2',
    },
    ...workItemMenu,
  ],
};

export interface KeyContribution {
  readonly command: CommandId;
  /** Windows and Linux. */
  readonly key: string;
  readonly mac: string;
  readonly when: string;
}

/**
 * Returns a chord of Ctrl+K and a letter that VS Code leaves free. It is active only while a team works, so no other
 * feature loses a key.
 */
const chord = (command: CommandId, letter: string, when: string): KeyContribution => ({
  command,
  key: `ctrl+k ${letter}`,
  mac: `cmd+k ${letter}`,
  when,
});

export const keybindings: readonly KeyContribution[] = [
  chord('taco.sendSelection', 'a', `${RUNNING} && editorTextFocus`),
  chord('taco.askToFix', 'h', `${RUNNING} && editorTextFocus`),
  chord('taco.messageAgent', 'g', RUNNING),
  chord('taco.openAgentTerminal', 'l', RUNNING),
  chord('taco.openMonitor', 'b', RUNNING),
  chord('taco.sendReview', 'x', RUNNING),
  chord('taco.nextChange', 'j', RUNNING),
];
