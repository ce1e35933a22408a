import type { CommandSpec } from './commandSpec';

const worktree = { name: 'NAME', summary: 'the agent, or SESSION/AGENT as `taco worktree list` shows it' } as const;

/** Commands about the git worktrees of agents. */
export const worktreeCommands: readonly CommandSpec[] = [
  {
    name: 'worktree list',
    summary: 'list the agents’ git worktrees: branch, commits ahead, uncommitted changes',
    arguments: [],
    options: {},
    examples: ['taco worktree list'],
  },
  {
    name: 'worktree diff',
    summary: 'show the changes of a worktree against the project',
    arguments: [worktree],
    options: {},
    examples: ['taco worktree diff backend'],
  },
  {
    name: 'worktree merge',
    summary: 'merge a worktree’s branch into your current branch; only the user may',
    details: ['Conflicts stay in your files, where your editor shows them; `git merge --abort` undoes the merge.'],
    arguments: [worktree],
    options: {},
    examples: ['taco worktree merge backend'],
  },
  {
    name: 'worktree remove',
    summary: 'remove a worktree that holds no unsaved work',
    details: ['Its branch is deleted only if its commits are merged.'],
    arguments: [worktree],
    options: {
      force: {
        type: 'boolean',
        summary: 'also with uncommitted work, which TACO first saves under refs/taco/saved/; only the user may',
      },
    },
    examples: ['taco worktree remove backend'],
  },
];
