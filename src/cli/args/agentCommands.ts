import type { CommandSpec } from './commandSpec';
import { doneCommand } from './lightCommands';

const checked = { name: 'AGENT', summary: 'an agent’s name or window', complete: 'agent' } as const;

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
    name: 'requests',
    summary: 'list what waits for your answer: permissions, questions, plans and dialogs of agents',
    details: [
      'Shows each request whole, with its id and the ways to answer it. With --watch it prints each new request once and alerts you by the bell and the notification of your terminal; with --json one document a line.',
    ],
    arguments: [],
    options: {
      all: { type: 'boolean', summary: 'of every team on this machine' },
      watch: { type: 'boolean', summary: 'keep running, and print requests as they appear; Ctrl-C ends it' },
    },
    examples: ['taco requests', 'taco requests --all --json', 'taco requests --all --watch'],
  },
  {
    name: 'answer',
    summary: 'answer a request: approve, deny, choose or reply; only the user may',
    details: [
      'The id of `taco requests` answers exactly the request that you saw, in any project of this machine. With an agent’s name it answers the agent’s only open request. An answer is refused when the request has changed, was answered elsewhere or is closed.',
      'ANSWER is allow, deny, the number or the words of a choice, or the reply to a question: one text, or one for each of several questions.',
    ],
    arguments: [
      { name: 'AGENT', summary: 'the id of a request, or an agent’s name or window', complete: 'agent' },
      { name: 'ANSWER', summary: 'allow, deny, a choice, or a text', rest: true },
    ],
    options: { note: { type: 'text', value: 'TEXT', summary: 'with deny: what the agent should do instead' } },
    examples: [
      'taco answer backend allow',
      'taco answer need_3f2a deny --note "Use the staging database"',
      'taco answer tester 2',
      'taco answer frontend "Use the dark theme"',
    ],
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
  doneCommand,
  {
    name: 'check show',
    summary: 'show what proves an agent’s work: command, commit, exit code, duration, log',
    arguments: [checked],
    options: {},
    examples: ['taco check show backend', 'taco check show backend --json'],
  },
  {
    name: 'check run',
    summary: 'run an agent’s check now; only the user may',
    arguments: [checked],
    options: {},
    examples: ['taco check run backend'],
  },
  {
    name: 'check cancel',
    summary: 'end an agent’s check that runs; only the user may',
    arguments: [checked],
    options: {},
    examples: ['taco check cancel backend'],
  },
  {
    name: 'check accept',
    summary: 'count an agent’s work as done without its check; only the user may',
    details: [
      'For work that its check cannot prove, as that of an agent on another host. Agents that wait for it begin.',
    ],
    arguments: [checked],
    options: {},
    examples: ['taco check accept backend'],
  },
];
