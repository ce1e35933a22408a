import type { CommandSpec } from './commandSpec';

/** Commands about pull requests on GitHub. */
export const pullRequestCommands: readonly CommandSpec[] = [
  {
    name: 'pr open',
    summary: 'push an agent’s branch and open a pull request for it; only the user may',
    details: [
      'Needs the GitHub CLI `gh`, logged in. Title and body come from the task, the evidence and the commits. The target is the branch that the project is on. A branch is never forced, and only one that TACO made is pushed. Where the pull request is open already, only its new commits are pushed.',
      'Work that is not committed is refused. Commit messages are pushed as the agent wrote them; one that would close an issue is named.',
    ],
    arguments: [{ name: 'AGENT', summary: 'the agent whose work is pushed', optional: true, complete: 'agent' }],
    options: {
      all: { type: 'boolean', summary: 'one pull request for each agent whose work is proven' },
      draft: { type: 'boolean', summary: 'open it as a draft' },
      'dry-run': { type: 'boolean', summary: 'show what would be pushed and sent, and use no network' },
    },
    examples: ['taco pr open backend', 'taco pr open backend --dry-run', 'taco pr open --all --draft'],
  },
  {
    name: 'pr status',
    summary: 'show the pull requests of agents: state, checks, review, comments; only the user may',
    details: ['Asks GitHub once, through the GitHub CLI `gh`.'],
    arguments: [],
    options: {},
    examples: ['taco pr status', 'taco pr status --json'],
  },
];
