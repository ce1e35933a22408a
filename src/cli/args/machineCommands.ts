import type { CommandSpec } from './commandSpec';
import { mcpCommand } from './lightCommands';

/** Commands about this machine, and those that other programs run. */
export const machineCommands: readonly CommandSpec[] = [
  {
    name: 'monitor',
    summary: 'show the live dashboard, as in window 1; Ctrl-C ends it',
    arguments: [],
    options: { once: { type: 'boolean', summary: 'print it once; the default if standard output is no terminal' } },
    examples: ['taco monitor', 'taco monitor --once'],
  },
  {
    name: 'doctor',
    summary: 'check tmux, Redis, node, git, the agent CLIs and the TACO folder; prints commands that fix problems',
    arguments: [],
    details: [
      'Exit code 1: a required program is missing or too old. Missing git is a warning: a team works without it, except for worktrees and the view of changes.',
      'A CLI is proven (the conformance suite was run on this version and this tmux, with no prompt answered and no false report; docs/conformance.md), probed here, or untested. --probe starts each CLI that is there in a scratch pane of its own, in the current folder, and tries typing, a new line, the submit key, hooks and a long text; a hook keeps what is submitted from the model, so nothing is spent.',
    ],
    options: {
      'agent-command': { type: 'text', value: 'CMD', summary: 'agent CLI to look for; default claude' },
      probe: { type: 'boolean', summary: 'start and test each agent CLI, and store the results' },
    },
    examples: ['taco doctor', 'taco doctor --json', 'taco doctor --probe'],
  },
  mcpCommand,
  {
    name: 'completion',
    summary: 'print a completion script for your shell',
    arguments: [{ name: 'SHELL', summary: 'your shell', choices: ['bash', 'zsh', 'fish'] }],
    options: {},
    examples: ['source <(taco completion bash)', 'taco completion fish > ~/.config/fish/completions/taco.fish'],
  },
  {
    name: 'hook',
    summary: 'the program of an agent CLI’s hooks: reads the event’s JSON, never fails',
    arguments: [
      {
        name: 'EVENT',
        summary:
          'SessionStart, UserPromptSubmit (or, of a CLI that takes a prompt before its model does, PromptCheck and PromptReached), PermissionRequest, Notification, Stop, SessionEnd …',
      },
    ],
    options: {},
    examples: ['taco hook Stop < event.json'],
    internal: true,
  },
];
