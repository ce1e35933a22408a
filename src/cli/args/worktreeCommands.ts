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
    name: 'worktree conflicts',
    summary: 'show which agents (and you) change the same files, and what would conflict',
    details: [
      'Compares the worktrees in pairs, uncommitted files included, without changing any file. Names files that an agent changed outside its `owns`.',
    ],
    arguments: [],
    options: {},
    examples: ['taco worktree conflicts', 'taco worktree conflicts --json'],
  },
  {
    name: 'worktree merge',
    summary: 'merge an agent’s work into your current branch; only the user may',
    details: [
      'Proven work, or with --all everything that is proven, goes through the merge lane: joined in a worktree of TACO’s own, checked there, and only then your branch moves. A conflict or a failed check goes to the agent as a task. Your branch before each step is kept under refs/taco/before/.',
      'Work that nothing proves is merged in your files as `git merge` does it: conflicts stay there, where your editor shows them; `git merge --abort` undoes the merge.',
    ],
    arguments: [{ ...worktree, optional: true }],
    options: { all: { type: 'boolean', summary: 'all work that is proven, in the order of the plan' } },
    examples: ['taco worktree merge backend', 'taco worktree merge --all'],
  },
  {
    name: 'worktree undo',
    summary: 'undo the newest merge of proven work; only the user may',
    details: [
      'Sets your branch back to before that merge with `git reset --keep`: uncommitted files stay, and it is refused when they are in the way or your branch has newer commits. Again, it undoes the merge before.',
    ],
    arguments: [],
    options: {},
    examples: ['taco worktree undo'],
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
