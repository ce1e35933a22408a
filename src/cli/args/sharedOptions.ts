import type { OptionSpec } from './commandSpec';

/** An option with a time limit, seconds. */
export const timeout = (what: string): OptionSpec => ({ type: 'number', value: 'S', summary: what });

/** Of every command that launches agents. */
export const programOptions = {
  profiles: { type: 'text', value: 'FILE', summary: 'JSON list that describes further agent CLIs' },
  'agent-command': { type: 'text', value: 'CMD', summary: 'command instead of the profile’s own, with arguments' },
} as const;
/** Of every command that carries messages. */
export const historyOptions = {
  'when-busy': {
    type: 'text',
    choices: ['steer', 'hold'],
    summary:
      'a message for an agent that works: steer types it at once where its CLI is proven to take it between tool calls, hold waits for the end of the turn; default steer',
  },
  'history-messages': {
    type: 'number',
    value: 'N',
    summary: 'number of the newest ended messages to keep, 100 to 100000; default 5000',
  },
  'history-hours': { type: 'number', value: 'H', summary: 'hours to keep an ended message, 1 to 8760; default 24' },
} as const;
export const worktreeOptions = {
  worktrees: { type: 'boolean', summary: 'a git worktree and branch for each agent, unless the plan says otherwise' },
  check: {
    type: 'text',
    value: 'CMD',
    summary: 'command that proves the work of agents whose plan has no check, without a shell: "npm test"',
  },
  'merge-check': {
    type: 'text',
    value: 'CMD',
    summary: 'command that must pass on a merged result; default: that of --check',
  },
  'merge-method': {
    type: 'text',
    choices: ['merge', 'rebase'],
    summary: 'how work is merged: with a merge commit (default), or rebased onto your branch',
  },
  'merge-when-proven': {
    type: 'boolean',
    summary:
      'merge the work of an agent as soon as its check has passed; with --until-done the run ends once your branch has all proven work',
  },
  'watch-pull-requests': {
    type: 'boolean',
    summary: 'ask GitHub once a minute about the agents’ pull requests; failed checks and comments go to their authors',
  },
  'check-minutes': { type: 'number', value: 'N', summary: 'maximum run time of a check, in minutes; default: 15' },
  'worktree-setup': {
    type: 'text',
    value: 'CMD',
    summary: 'command to run in each new worktree, without a shell: "npm ci"',
  },
} as const;
