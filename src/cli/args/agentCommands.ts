import type { CommandSpec } from './commandSpec';

/** Commands about the agents of a team. */
export const agentCommands: readonly CommandSpec[] = [
  {
    name: 'agents',
    summary: 'the agents: window, name, state, messages waiting, services',
    arguments: [],
    options: {},
    examples: ['taco agents', 'taco agents --json'],
  },
  {
    name: 'adopt',
    summary: 'make an agent of a pane in which you started an agent CLI by hand; only the person may',
    details: [
      'The pane, on TACO’s own tmux server (`tmux -L taco`), moves into a window of the team and keeps its process. It gets messages at once, proven by its screen alone; a relaunch gives it TACO’s hooks too. Without PANE: lists the panes that could be adopted.',
    ],
    arguments: [{ name: 'PANE', summary: 'tmux pane id, such as %12', optional: true }],
    options: {
      as: { type: 'text', value: 'NAME', summary: 'what the agent is called' },
      profile: {
        type: 'text',
        value: 'NAME',
        summary: 'which agent CLI it is; default: the first whose screen it shows',
      },
      conversation: {
        type: 'text',
        value: 'ID',
        summary: 'the CLI’s own id of its conversation, so that a relaunch goes on with it',
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
    summary: 'report (as an agent) that the work is done; its `notifies` are told',
    arguments: [{ name: 'TEXT', summary: 'a summary for those who are told', optional: true, rest: true }],
    options: {},
    examples: ['taco done "42 tests pass"'],
  },
];
