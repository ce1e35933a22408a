import { profileJsonSchema } from '../../profiles/customProfile';
import type { SettingContribution } from './settingContribution';

const OF_MACHINE = { scope: 'machine-overridable', restricted: true } as const;

/** The typed table of settings: `settings.ts` reads it, `manifest.ts` puts it into package.json. */
export const settings = {
  'taco.redisUrl': {
    type: 'string',
    default: '',
    scope: 'machine',
    restricted: true,
    description:
      'Redis to use, as `redis://`, `rediss://`, `redis+cluster://` or `unix://`. Empty: TACO starts a private Redis of its own. Put no password here: run **TACO: Set Redis Password…**, which keeps it in the secret storage.',
  },
  'taco.tmux.command': {
    type: 'string',
    default: 'tmux',
    scope: 'machine-overridable',
    restricted: true,
    description:
      'The tmux executable. `~`, `${userHome}`, `${workspaceFolder}` and `${env:NAME}` are expanded; a relative path belongs to the project. Options of tmux belong into your tmux.conf.',
  },
  'taco.tmux.socket': {
    type: 'string',
    default: 'taco',
    scope: 'machine-overridable',
    restricted: true,
    pattern: '^[A-Za-z0-9_-]{1,40}$',
    patternErrorMessage: 'Letters, digits, `_` and `-` only.',
    description:
      'Name of the tmux server socket (`tmux -L NAME`). A server of its own, apart from your other tmux sessions.',
  },
  'taco.agent.profile': {
    type: 'string',
    default: 'claude',
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Which agent CLI Mother and the agents run, unless the plan says otherwise: a profile of TACO, such as `claude` or `codex`, one of `#taco.profiles#`, or `scripted` (a program without a model, to try TACO out).',
  },
  'taco.agent.command': {
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    restricted: true,
    description:
      "Command that replaces the profile's own: an executable, and arguments behind it (`claude --model opus`, `npx foo`). `~`, `${userHome}`, `${workspaceFolder}` and `${env:NAME}` are expanded; a relative path (`./bin/agent`) belongs to the project. No shell reads it. Empty: the profile's default.",
  },
  'taco.agent.env': {
    type: 'object',
    default: {},
    additionalProperties: { type: 'string' },
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Environment variables for every agent, the monitor, worktree set-ups and health checks, as `{ "NAME": "value" }`. They are added to the environment that VS Code has from your login shell. Secrets are better kept there: workspace settings may be committed.',
  },
  'taco.maxAgents': {
    type: 'number',
    default: 50,
    minimum: 1,
    maximum: 200,
    scope: 'machine-overridable',
    restricted: true,
    description: 'Maximum number of agents in a plan.',
  },
  'taco.whenBusy': {
    type: 'string',
    default: 'steer',
    enum: ['steer', 'hold'],
    enumDescriptions: [
      'Type the message at once where the CLI is proven to take it between two tool calls; hold it elsewhere.',
      'Hold the message until the agent is idle.',
    ],
    scope: 'machine-overridable',
    restricted: true,
    description: 'How to handle a message for an agent that is working.',
  },
  'taco.crossSession': {
    type: 'string',
    default: 'refuse',
    enum: ['refuse', 'show'],
    enumDescriptions: [
      'Refuse them: the sender gets a reason, and the agent gets nothing.',
      'Accept them, and show each one in the activity as a message that did not come through TACO.',
    ],
    scope: 'machine-overridable',
    restricted: true,
    description: 'How to handle messages that other Claude Code sessions send to an agent past TACO.',
  },
  'taco.relaunch': {
    type: 'string',
    default: 'never',
    enum: ['never', 'onCrash'],
    enumDescriptions: [
      'Keep its window and last lines until you relaunch it.',
      'Restart it with its conversation, with increasing delays; stop after five crashes in ten minutes.',
    ],
    scope: 'machine-overridable',
    restricted: true,
    description: 'What to do when an agent exits unexpectedly.',
  },
  'taco.autoApprove': {
    type: 'boolean',
    default: false,
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Launch a first plan without problems at once, without review. A change of a team that works always waits for your approval.',
  },
  'taco.worktrees': {
    type: 'boolean',
    default: false,
    scope: 'machine-overridable',
    restricted: true,
    description:
      "A git worktree with a branch of its own for each agent whose plan says nothing about it, so that agents cannot overwrite each other's files. *Changes* shows what each has done.",
  },
  'taco.worktreeSetup': {
    type: 'array',
    default: [],
    items: { type: 'string' },
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Command to run in each new worktree before its agent starts, with its arguments: `["npm", "ci"]`. It runs without a shell.',
  },
  'taco.check': {
    type: 'array',
    default: [],
    items: { type: 'string' },
    ...OF_MACHINE,
    description:
      'Command that proves the work of an agent whose plan has no `check`, with its arguments: `["npm", "test"]`. TACO runs it without a shell in the agent’s folder when the agent reports done; the work counts as done when it exits 0.',
  },
  'taco.mergeCheck': {
    type: 'array',
    default: [],
    items: { type: 'string' },
    ...OF_MACHINE,
    description:
      'Command that must pass on the merged result before your branch moves, with its arguments; if empty, `#taco.check#`.',
  },
  'taco.mergeMethod': {
    type: 'string',
    default: 'merge',
    enum: ['merge', 'rebase'],
    enumDescriptions: ['A merge commit for each agent.', 'The commits of each agent, rebased onto your branch.'],
    ...OF_MACHINE,
    description: 'How TACO joins the work of agents with your branch.',
  },
  'taco.mergeWhenProven': {
    type: 'boolean',
    default: false,
    ...OF_MACHINE,
    description:
      'Merge the work of an agent into your branch as soon as its check has passed. What conflicts, or fails `#taco.mergeCheck#`, goes back to its agent; your uncommitted files are never touched.',
  },
  'taco.pullRequests': {
    type: 'string',
    default: 'ask',
    enum: ['ask', 'watch'],
    enumDescriptions: [
      'GitHub is asked only at your click.',
      'TACO asks GitHub once a minute. Failed checks, and comments of users who may write to the repository, become messages to the agent, each once.',
    ],
    ...OF_MACHINE,
    description: 'Whether TACO follows the pull requests of agents. It pushes only at your click.',
  },
  'taco.checkMinutes': {
    type: 'number',
    default: 15,
    minimum: 1,
    maximum: 1440,
    ...OF_MACHINE,
    description: 'Maximum run time of a check, in minutes. A check that takes longer is ended and counts as failed.',
  },
  'taco.profiles': {
    type: 'array',
    default: [],
    items: profileJsonSchema(),
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Agent CLIs that TACO does not know, each by how it is started and what its screen shows; their names can then be used in `#taco.agent.profile#` and in plans. As in `taco up --profiles FILE`.',
  },
  'taco.budget': {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 100_000,
    scope: 'machine-overridable',
    restricted: true,
    description:
      'US dollars that a new team may cost, estimated at list prices from what Claude Code records; 0: no limit. TACO notifies you at 80 %. When the budget is used up, TACO stops every agent until you run **TACO: Set Budget…**.',
  },
  'taco.onLimit': {
    type: 'string',
    enum: ['wait', 'fallback', 'ask'],
    default: 'wait',
    enumDescriptions: [
      'When the limit is over, one agent tries first; the others follow one by one, and interrupted agents are asked to go on.',
      'As `wait`; meanwhile agents with a `fallback` in the plan continue with another account, model or CLI.',
      'Agents wait until you run **TACO: Resume Team**.',
    ],
    scope: 'machine-overridable',
    restricted: true,
    description:
      'What happens after the account of agents reached a limit of its provider. Until then nothing is typed into its agents.',
  },
  'taco.limitStopTime': {
    type: 'string',
    default: '',
    pattern: '^$|^([01]?\\d|2[0-3]):[0-5]\\d$',
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Local time such as `07:00` after which a team whose account reached a limit does nothing by itself; empty: none. Run **TACO: Resume Team** then.',
  },
  'taco.accounts': {
    type: 'object',
    default: {},
    additionalProperties: { type: 'object', additionalProperties: { type: 'string' } },
    scope: 'machine',
    restricted: true,
    description:
      'Accounts of agent CLIs for `account` and `fallback` in plans, as `{ "NAME": { "VARIABLE": "value" } }`: environment variables that only agents of that account get. Secrets stay in your environment: `"ANTHROPIC_API_KEY": "${env:WORK_KEY}"`. An empty value removes a variable.',
  },
  'taco.fallbackReturns': {
    type: 'boolean',
    default: true,
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Agents that moved to a fallback return to what their plan says, once they are idle and its account has no limit.',
  },
  'taco.memoryFloor': {
    type: 'number',
    default: 256,
    minimum: 0,
    maximum: 1_000_000,
    scope: 'machine-overridable',
    restricted: true,
    description:
      'Free memory in MB below which no agent is launched; 0: no floor. TACO warns you before. Running agents go on.',
  },
  'taco.history.maxMessages': {
    type: 'number',
    default: 5000,
    minimum: 100,
    maximum: 100_000,
    scope: 'machine-overridable',
    restricted: true,
    description:
      'How many messages that have ended are kept, the newest; some 2 KB in Redis for each short one. Older ones go, with all that is known of them.',
  },
  'taco.history.maxAge': {
    type: 'number',
    default: 24,
    minimum: 1,
    maximum: 8760,
    scope: 'machine-overridable',
    restricted: true,
    description: 'For how many hours a message that has ended is kept.',
  },
  'taco.terminalLocation': {
    type: 'string',
    default: 'editor',
    enum: ['editor', 'panel'],
    enumDescriptions: [
      'Beside the editors, as tall as the window: agent CLIs draw badly in a terminal of few rows.',
      'In the terminal panel.',
    ],
    scope: 'window',
    restricted: false,
    description: 'Where *Open Agent Terminal* opens.',
  },
  'taco.notifications': {
    type: 'string',
    default: 'all',
    enum: ['all', 'messages', 'none'],
    enumDescriptions: [
      'When an agent needs you, and when one writes to you.',
      'Only when an agent writes to you.',
      'Never. The badge and status bar still update.',
    ],
    scope: 'window',
    restricted: false,
    description: 'Which notifications TACO shows.',
  },
  'taco.systemNotifications': {
    type: 'boolean',
    default: true,
    scope: 'window',
    restricted: false,
    description:
      'Notify you by the operating system of what `#taco.notifications#` selects while no window of the project has the focus: `notify-send` on Linux, `osascript` on macOS. Nothing happens where the program is missing.',
  },
} as const satisfies Record<string, SettingContribution>;
export type SettingId = keyof typeof settings;
