import type { CommandSpec } from './commandSpec';

/** Commands about the agents of a team. */
export const agentCommands: readonly CommandSpec[] = [
  {
    name: 'agents',
    summary: 'list the agents: window, name, state, waiting messages, services',
    arguments: [],
    options: {},
    examples: ['taco agents', 'taco agents --json'],
  },
  {
    name: 'adopt',
    summary: 'turn a pane in which you started an agent CLI into an agent; only the user may',
    details: [
      'The pane, on TACO’s own tmux server (`tmux -L taco`), moves into a window of the team and keeps its process. It gets messages at once, proven by its screen alone; a relaunch adds TACO’s hooks. Without PANE: lists the panes that can be adopted.',
    ],
    arguments: [{ name: 'PANE', summary: 'tmux pane id, such as %12', optional: true }],
    options: {
      as: { type: 'text', value: 'NAME', summary: 'name of the agent' },
      profile: { type: 'text', value: 'NAME', summary: 'its agent CLI; default: the first whose screen is recognised' },
      conversation: {
        type: 'text',
        value: 'ID',
        summary: 'the CLI’s own conversation id, so that a relaunch continues the conversation',
      },
    },
    examples: ['taco adopt', 'taco adopt %12 --as reviewer'],
  },
  {
    name: 'relaunch',
    summary: 'end an agent’s process and start it again with its conversation',
    arguments: [{ name: 'AGENT', summary: 'an agent’s name or window, or mother', complete: 'agent' }],
    options: {},
    examples: ['taco relaunch backend', 'taco relaunch mother'],
  },
  {
    name: 'done',
    summary: 'report (as an agent) that the work is done; TACO notifies its `notifies`',
    arguments: [{ name: 'TEXT', summary: 'a summary for the notified agents', optional: true, rest: true }],
    options: {},
    examples: ['taco done "42 tests pass"'],
  },
];
