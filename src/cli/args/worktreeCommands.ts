import type { CommandSpec } from './commandSpec';

const worktree = { name: 'NAME', summary: 'the agent, or SESSION/AGENT as `taco worktree list` shows it' } as const;

/** Commands about the git worktrees of agents. */
export const worktreeCommands: readonly CommandSpec[] = [
  {
    name: 'worktree list',
    summary: 'the agents’ git worktrees: branch, commits ahead, what is not committed',
    arguments: [],
    options: {},
    examples: ['taco worktree list'],
  },
  {
    name: 'worktree diff',
    summary: 'what a worktree has that the project has not',
    arguments: [worktree],
    options: {},
    examples: ['taco worktree diff backend'],
  },
  {
    name: 'worktree merge',
    summary: 'merge a worktree’s branch into the branch you are on; only the person may',
    details: ['Conflicts stay in your files, where your editor shows them; `git merge --abort` takes the merge back.'],
    arguments: [worktree],
    options: {},
    examples: ['taco worktree merge backend'],
  },
  {
    name: 'worktree remove',
    summary: 'remove a worktree in which nothing would be lost',
    details: ['Its branch goes only when its commits are merged.'],
    arguments: [worktree],
    options: {
      force: {
        type: 'boolean',
        summary: 'also with uncommitted work, which is first saved under refs/taco/saved/; only the person may',
      },
    },
    examples: ['taco worktree remove backend'],
  },
];
