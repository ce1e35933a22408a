import type { ArgumentSpec, CommandSpec, OptionSpec } from './commandSpec';

const ruleArguments: readonly ArgumentSpec[] = [
  { name: 'TOOL', summary: 'the exact name of the tool, such as Bash, Edit or mcp__github__get_issue' },
  {
    name: 'PATTERN',
    summary:
      'the words of a command, or a path in the agent’s folder; * stands for any characters of a word, at the end for any rest',
    rest: true,
  },
];
const ruleOptions: Readonly<Record<string, OptionSpec>> = {
  deny: { type: 'boolean', summary: 'deny instead of allow' },
  agents: { type: 'text', value: 'NAMES', summary: 'only for these agents, separated by commas' },
  hours: { type: 'number', value: 'N', summary: 'end the rule after so many hours; default: no end' },
};

/** Commands about rules that answer permission requests. */
export const ruleCommands: readonly CommandSpec[] = [
  {
    name: 'rules list',
    summary: 'list the rules that answer permission requests for you',
    arguments: [],
    options: {},
    examples: ['taco rules list', 'taco rules list --json'],
  },
  {
    name: 'rules add',
    summary: 'approve or deny equal requests from now on; only the user may',
    details: [
      'The rule answers through the agent CLI’s own hook, and shows which of the last 200 requests it would have answered. No rule crosses the deny floor (docs/rules.md): deleting outside the folder, credentials, pushing, installing, and other commands that can do anything.',
    ],
    arguments: ruleArguments,
    options: ruleOptions,
    examples: [
      'taco rules add Bash npm test',
      'taco rules add Bash "git diff *" --agents backend,tester',
      'taco rules add Edit "src/*" --hours 8',
    ],
  },
  {
    name: 'rules test',
    summary: 'show which of the last 200 requests a rule would have answered, without adding it',
    arguments: ruleArguments,
    options: ruleOptions,
    examples: ['taco rules test Bash "npm *"'],
  },
  {
    name: 'rules remove',
    summary: 'remove a rule; only the user may',
    arguments: [{ name: 'ID', summary: 'the id that `taco rules list` shows' }],
    options: {},
    examples: ['taco rules remove r2'],
  },
];
