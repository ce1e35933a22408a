/** Commands on finished work: its check, its evidence, its merge. Part of the typed table in contributions.ts. */
import type { CommandContribution, MenuContribution } from './contributions';

const RUNNING = "workspaceFolderCount != 0 && isWorkspaceTrusted && taco.session == 'active'";
/** Matches `checkRequest` of core/team; true before the activation, as in contributions.ts. */
const ALIVE =
  "workspaceFolderCount != 0 && isWorkspaceTrusted && taco.session != 'none' && taco.phase != 'starting' && taco.phase != 'stopping' && taco.session != 'lost'";

export const workCommands = {
  'taco.mergeWork': { title: 'Merge…', icon: 'git-merge', enablement: ALIVE, palette: true },
  'taco.undoMerge': { title: 'Undo Merge…', icon: 'discard', enablement: RUNNING, palette: true },
  'taco.runCheck': { title: 'Run Check', icon: 'run-all', enablement: ALIVE, palette: true },
  'taco.cancelCheck': { title: 'Cancel Check', icon: 'debug-stop', enablement: ALIVE, palette: true },
  'taco.acceptWork': { title: 'Accept Work', icon: 'pass', enablement: ALIVE, palette: true },
  'taco.showEvidence': { title: 'Show Evidence', icon: 'verified', enablement: RUNNING, palette: true },
  'taco.compareWith': { title: 'Compare with…', icon: 'compare-changes', enablement: RUNNING, palette: true },
  'taco.openPullRequest': {
    title: 'Open Pull Request…',
    icon: 'git-pull-request-create',
    enablement: RUNNING,
    palette: true,
  },
  'taco.refreshPullRequests': {
    title: 'Refresh Pull Requests',
    icon: 'git-pull-request',
    enablement: RUNNING,
    palette: true,
  },
  'taco.removeWorktree': { title: 'Remove Worktree…', icon: 'trash', enablement: RUNNING, palette: true },
} as const satisfies Record<string, CommandContribution>;

const AGENT = 'view == taco.agents && viewItem =~ /^agent/';
const ONE_TREE = 'view == taco.changes && viewItem == changes.worktree';
const ANY_TREE = 'view == taco.changes && viewItem =~ /^changes\\.(worktree|project)$/';
const AGENT_WITH_TREE = 'view == taco.agents && viewItem =~ /^agent\\.worktree/';

/** The same entries in both views: on the row of an agent, and on the row of its worktree. */
export const workItemMenu: readonly MenuContribution[] = [
  { command: 'taco.mergeWork', when: ONE_TREE, group: 'inline@3' },
  ...[AGENT, ANY_TREE].flatMap((when): readonly MenuContribution[] => [
    { command: 'taco.runCheck', when, group: '4_proof@1' },
    { command: 'taco.cancelCheck', when, group: '4_proof@2' },
    { command: 'taco.showEvidence', when, group: '4_proof@3' },
    { command: 'taco.acceptWork', when, group: '4_proof@4' },
  ]),
  { command: 'taco.compareWith', when: ANY_TREE, group: '5_merge@1' },
  { command: 'taco.compareWith', when: AGENT, group: '5_merge@1' },
  ...[AGENT_WITH_TREE, ONE_TREE].flatMap((when): readonly MenuContribution[] => [
    { command: 'taco.mergeWork', when, group: '5_merge@2' },
    { command: 'taco.openPullRequest', when, group: '5_merge@3' },
    { command: 'taco.removeWorktree', when, group: '5_merge@4' },
  ]),
];
