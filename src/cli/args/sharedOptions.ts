import type { OptionSpec } from './commandSpec';

/** An option with a time limit, seconds. */
export const timeout = (what: string): OptionSpec => ({ type: 'number', value: 'S', summary: what });

/** Of every command that launches agents. */
export const programOptions = {
  profiles: { type: 'text', value: 'FILE', summary: 'agent CLIs that TACO does not know, described in a JSON list' },
  'agent-command': { type: 'text', value: 'CMD', summary: 'command instead of the profile’s own, with arguments' },
} as const;
/** Of every command that carries messages. */
export const historyOptions = {
  'history-messages': {
    type: 'number',
    value: 'N',
    summary: 'how many messages that have ended are kept, the newest, 100 to 100000; default 5000',
  },
  'history-hours': {
    type: 'number',
    value: 'H',
    summary: 'how long a message that has ended is kept, 1 to 8760; default 24',
  },
} as const;
export const worktreeOptions = {
  worktrees: {
    type: 'boolean',
    summary: 'a git worktree and a branch for each agent whose plan does not say otherwise',
  },
  'worktree-setup': {
    type: 'text',
    value: 'CMD',
    summary: 'command that is run in each new worktree, without a shell: "npm ci"',
  },
} as const;
