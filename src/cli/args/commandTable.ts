import type { CommandSpec, OptionSpec } from './commandSpec';
import { historyOptions, programOptions, worktreeOptions } from './sharedOptions';

/** Options that every command takes. */
export const globalOptions = {
  json: {
    type: 'boolean',
    summary: 'exactly one JSON document on standard output; errors as {"error":{"code","message","hint"}}',
  },
  project: {
    type: 'text',
    value: 'DIR',
    summary: 'the project; default: TACO_PROJECT, else the nearest known project at or above the current folder',
  },
  redis: {
    type: 'text',
    value: 'URL',
    summary: 'Redis to use (redis://, rediss://, redis+cluster:// or a socket path); default: the project’s own',
  },
  socket: { type: 'text', value: 'NAME', summary: 'tmux server socket name (tmux -L); default: taco' },
  help: { type: 'boolean', summary: 'this help' },
} as const satisfies Record<string, OptionSpec>;

const timeout = (what: string): OptionSpec => ({ type: 'number', value: 'S', summary: what });
const planFile = {
  name: 'FILE',
  summary: 'a plan: JSON, or any text with a plan block in it; - reads standard input',
  complete: 'file',
} as const;
const worktree = { name: 'NAME', summary: 'the agent, or SESSION/AGENT as `taco worktree list` shows it' } as const;
const deadId = { name: 'ID', summary: 'the message, as `taco dead list` shows it' } as const;
/** All commands; others do not exist. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'up',
    summary: 'start a team, or lead the one that runs, in this terminal',
    details: [
      'Starts Redis (unless a URL is set) and a tmux server of TACO’s own, has Mother plan the goal, shows the plan, launches the agents once it is approved, and carries their messages. Without --goal and --plan it leads the session that already runs.',
      'Ctrl-C stops leading and leaves the team running; `taco up` leads it again, `taco down` ends it.',
    ],
    arguments: [],
    options: {
      goal: { type: 'text', value: 'TEXT', summary: 'what the team is to do; Mother plans it' },
      plan: { type: 'text', value: 'FILE', summary: 'launch this plan instead of having Mother make one' },
      yes: {
        type: 'boolean',
        summary: 'approve a valid first plan at once; a change of a team that works waits for you',
      },
      profile: {
        type: 'text',
        value: 'NAME',
        summary:
          'agent CLI of Mother and of agents whose plan names none: claude, codex, copilot, gemini, opencode, scripted, or one of --profiles; default: claude',
      },
      ...programOptions,
      resume: {
        type: 'boolean',
        summary:
          'bring the last team back, with its conversations and waiting messages, when its tmux session has ended (a reboot, tmux kill-server)',
      },
      relaunch: {
        type: 'text',
        choices: ['never', 'onCrash'],
        summary: 'what happens when an agent’s process ends unasked; default: never',
      },
      ...worktreeOptions,
      budget: {
        type: 'text',
        value: 'USD',
        summary:
          'what the team may cost, estimated at list prices; at 80 % you are told, at the end every agent is stopped until `taco budget` gives more',
      },
      ...historyOptions,
      'until-done': {
        type: 'boolean',
        summary:
          'end, and stop the session, when every agent has reported done and no message is open; says how each message fared',
      },
      timeout: timeout('give up after so many seconds (with --until-done)'),
    },
    examples: [
      'taco up --goal "Build a todo app with a tested API"',
      'taco up --plan team.taco-plan.json --yes',
      'taco up --goal "Fix the flaky tests" --yes --until-done --timeout 1800',
    ],
  },
  {
    name: 'host',
    summary: 'run agents of a team that is led elsewhere: another machine joins',
    details: [
      'Joins the project under a name, over the Redis that the team uses (--redis), and runs on this machine, in a tmux session of its own, the agents whose plan says "host": NAME. The project must lie at the same path here. Messages go both ways; each host carries those for its own agents.',
      'Ctrl-C leaves its agents running and their messages waiting; the same command goes on with them, and so does a second one under the same name on this machine, at once when the first dies.',
      '--forget is for a machine that will not come back; only the person may. Its agents leave the team, and what waits for them becomes dead letters. Should it come back, it joins anew, and what ran there ends.',
    ],
    arguments: [],
    options: {
      name: { type: 'text', value: 'NAME', summary: 'what plans call this host; default: the machine’s own name' },
      forget: {
        type: 'text',
        value: 'NAME',
        summary: 'give up that host, which is away (`taco status` lists them), instead of joining',
      },
      profile: { type: 'text', value: 'NAME', summary: 'the profile that --agent-command is for; default: claude' },
      ...programOptions,
      ...worktreeOptions,
      ...historyOptions,
    },
    examples: [
      'taco host --name build --redis redis://10.0.0.2',
      'taco host --name gpu --redis rediss://team@redis.example:6380 --project ~/app',
      'taco host --forget build',
    ],
  },
  {
    name: 'down',
    summary: 'stop the session: its agents, its tmux session, its queue',
    arguments: [],
    options: { timeout: timeout('wait at most so many seconds for it to be gone; default 20') },
    examples: ['taco down'],
  },
  {
    name: 'status',
    summary: 'the session, its agents and the queue in a few lines',
    arguments: [],
    options: {},
    examples: ['taco status', 'taco status --json'],
  },
  {
    name: 'budget',
    summary: 'what the team has cost and may cost; with USD, another budget',
    details: [
      'Costs are estimates at list prices, from the transcripts that Claude Code keeps; other CLIs record none. A team whose budget was used up goes on once a larger one is set.',
    ],
    arguments: [
      { name: 'USD', summary: 'US dollars, all that the team has cost included; off: no limit', optional: true },
    ],
    options: {},
    examples: ['taco budget', 'taco budget 10', 'taco budget off'],
  },
  {
    name: 'send',
    summary: 'send a message to an agent, to Mother, to the person or to all',
    details: [
      'Inside an agent’s window the message is sent in that agent’s name, elsewhere in the person’s. It is kept at once and typed into the receiver’s terminal when that is safe; while Redis is away it is spooled to disk and sent later, and the command says so.',
    ],
    arguments: [
      {
        name: 'AGENT',
        summary: 'an agent’s name, window number or AGENT-n; mother; user; all (every agent but the sender)',
        complete: 'agent',
      },
      {
        name: 'TEXT',
        summary: 'the message; - reads it from standard input; several words are joined by blanks',
        rest: true,
      },
    ],
    options: {
      priority: {
        type: 'text',
        choices: ['low', 'normal', 'high'],
        summary: 'order between receivers, never within one; default normal',
      },
      wait: {
        type: 'text',
        choices: ['delivered', 'received'],
        summary: 'wait until the message is there; exit 1 when it will not be',
      },
      timeout: timeout('how long --wait waits, seconds; default 60'),
      slash: { type: 'boolean', summary: 'type TEXT as a slash command of the agent’s CLI; only the person may' },
      interrupt: {
        type: 'boolean',
        summary: 'press Escape first: interrupts what the agent is doing; only the person and Mother may',
      },
    },
    examples: [
      'taco send backend "API spec is in docs/api.md"',
      'git diff | taco send reviewer -',
      'taco send all "Stop at 17:00" --priority high',
      'taco send backend /compact --slash',
      'taco send user "Shall I delete the old schema?" --wait delivered',
    ],
  },
  {
    name: 'messages',
    summary: 'messages and how far each got; with ID, its whole life',
    arguments: [{ name: 'ID', summary: 'one message', optional: true }],
    options: {
      state: {
        type: 'text',
        choices: [
          'queued',
          'held',
          'typing',
          'typed',
          'entered',
          'delivered',
          'received',
          'retrying',
          'dead',
          'uncertain',
          'dropped',
          'open',
        ],
        summary: 'only these; `open` is every state that is not final',
      },
      agent: { type: 'text', value: 'AGENT', summary: 'only to or from this agent' },
    },
    examples: ['taco messages', 'taco messages --state held', 'taco messages cmd_01HZX4 --json'],
  },
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
  {
    name: 'plan validate',
    summary: 'check a plan and list every problem; exit 1 when there is one',
    arguments: [planFile],
    options: {
      'max-agents': { type: 'number', value: 'N', summary: 'most agents a plan may have; default 50' },
      screen: {
        type: 'boolean',
        summary: 'FILE is a capture of a terminal: rows that it wrapped are joined, frames and bullets are taken out',
      },
    },
    examples: [
      'taco plan validate team.taco-plan.json',
      'tmux capture-pane -p -S - | taco plan validate - --screen --json',
    ],
  },
  {
    name: 'plan submit',
    summary: 'put a plan up for review in the running session',
    arguments: [planFile],
    options: {},
    examples: ['taco plan submit team.taco-plan.json'],
  },
  {
    name: 'plan show',
    summary: 'the plan under review',
    arguments: [],
    options: {},
    examples: ['taco plan show', 'taco plan show --json'],
  },
  {
    name: 'plan approve',
    summary: 'approve the plan under review, or FILE in its place: the agents are launched',
    arguments: [{ ...planFile, optional: true }],
    options: {},
    examples: ['taco plan approve', 'taco plan approve edited.json'],
  },
  {
    name: 'plan reject',
    summary: 'send the plan back to Mother with a note',
    arguments: [{ name: 'NOTE', summary: 'what she is to change', optional: true, rest: true }],
    options: {},
    examples: ['taco plan reject "One agent for the front end is enough"'],
  },
  {
    name: 'plan schema',
    summary: 'the JSON Schema of a plan',
    arguments: [{ name: 'FILE', summary: 'write it here; default: standard output', optional: true, complete: 'file' }],
    options: {},
    examples: ['taco plan schema', 'taco plan schema plan.schema.json'],
  },
  {
    name: 'dead list',
    summary: 'messages that were given up or whose fate is uncertain',
    arguments: [],
    options: {},
    examples: ['taco dead list', 'taco dead list --json'],
  },
  {
    name: 'dead retry',
    summary: 'send a dead or uncertain message again from the start',
    arguments: [deadId],
    options: {},
    examples: ['taco dead retry cmd_01HZX4'],
  },
  {
    name: 'dead drop',
    summary: 'drop a waiting, dead or uncertain message for good',
    arguments: [deadId],
    options: {},
    examples: ['taco dead drop cmd_01HZX4'],
  },
  {
    name: 'service register',
    summary: 'tell the team that a service runs on a port',
    arguments: [
      { name: 'NAME', summary: 'a letter, then letters, digits, _ . or -' },
      { name: 'PORT', summary: '1 to 65535' },
    ],
    options: {
      url: { type: 'text', value: 'URL', summary: 'where it is reached; default http://localhost:PORT' },
      check: {
        type: 'text',
        value: 'PATH',
        summary: 'health check: an HTTP path such as /health, or tcp (the default)',
      },
      'check-command': {
        type: 'text',
        value: 'CMD',
        summary:
          'health check: this command, run without a shell in the owner’s folder; it is up while the command exits 0',
      },
    },
    details: [
      'The leader checks every 5 s; two checks in a row turn the health. A command may take 4 s, has PORT in its environment, and is written to your TACO folder, not to Redis. You may register one, and so may an agent that works in permission mode bypassPermissions: for any other it would be a way around the questions of its CLI. A service belongs to who registered it: no other agent may register its name again, or remove it, while that agent is there. You may.',
    ],
    examples: [
      'taco service register backend 3001 --check /health',
      'taco service register db 5432 --check-command "pg_isready -p 5432"',
    ],
  },
  {
    name: 'service list',
    summary: 'the services and their health',
    arguments: [],
    options: {},
    examples: ['taco service list'],
  },
  {
    name: 'service remove',
    summary: 'take a service off the list',
    arguments: [{ name: 'NAME', summary: 'the service' }],
    options: {},
    examples: ['taco service remove backend'],
  },
  {
    name: 'port',
    summary: 'get a free port that no other agent was given',
    arguments: [],
    options: { count: { type: 'number', value: 'N', summary: 'how many; default 1' } },
    examples: ['PORT=$(taco port) npm start', 'taco port --count 2 --json'],
  },
  {
    name: 'worktree list',
    summary: 'the agents’ git worktrees: branch, commits ahead, what is not committed',
    arguments: [],
    options: {},
    examples: ['taco worktree list'],
  },
  {
    name: 'worktree diff',
    summary: 'what a worktree has that the project has not',
    arguments: [worktree],
    options: {},
    examples: ['taco worktree diff backend'],
  },
  {
    name: 'worktree merge',
    summary: 'merge a worktree’s branch into the branch you are on; only the person may',
    details: ['Conflicts stay in your files, where your editor shows them; `git merge --abort` takes the merge back.'],
    arguments: [worktree],
    options: {},
    examples: ['taco worktree merge backend'],
  },
  {
    name: 'worktree remove',
    summary: 'remove a worktree in which nothing would be lost',
    details: ['Its branch goes only when its commits are merged.'],
    arguments: [worktree],
    options: {
      force: {
        type: 'boolean',
        summary: 'also with uncommitted work, which is first saved under refs/taco/saved/; only the person may',
      },
    },
    examples: ['taco worktree remove backend'],
  },
  {
    name: 'monitor',
    summary: 'the live dashboard (what runs in window 1); Ctrl-C ends it',
    arguments: [],
    options: { once: { type: 'boolean', summary: 'print it once, as when standard output is no terminal' } },
    examples: ['taco monitor', 'taco monitor --once'],
  },
  {
    name: 'doctor',
    summary: 'check tmux, Redis, node, git, the agent CLIs and the TACO folder; prints repairs to paste',
    arguments: [],
    details: [
      'Exit code 1: something that a team needs is missing or too old. Without git a team works, but for worktrees and the view of what agents have changed: that is a warning.',
      'A CLI is proven (the conformance suite was run on this version and this tmux, with no prompt answered and no false report; docs/conformance.md), probed here, or untested. --probe starts each CLI that is there in a scratch pane of its own, in the current folder, and tries typing, a new line, the submit key, hooks and a long text; a hook keeps what is submitted from the model, so nothing is spent.',
    ],
    options: {
      'agent-command': { type: 'text', value: 'CMD', summary: 'agent CLI to look for; default claude' },
      probe: { type: 'boolean', summary: 'try each agent CLI out and keep what was found' },
    },
    examples: ['taco doctor', 'taco doctor --json', 'taco doctor --probe'],
  },
  {
    name: 'mcp',
    summary: 'serve TACO’s tools to an agent over the Model Context Protocol (standard input and output)',
    details: [
      'Claude Code is launched with it. The tools have the rights of the window they run in: an agent’s there, the person’s elsewhere.',
    ],
    arguments: [],
    options: {},
    examples: ['taco mcp'],
  },
  {
    name: 'completion',
    summary: 'a completion script for your shell',
    arguments: [{ name: 'SHELL', summary: 'your shell', choices: ['bash', 'zsh', 'fish'] }],
    options: {},
    examples: ['source <(taco completion bash)', 'taco completion fish > ~/.config/fish/completions/taco.fish'],
  },
  {
    name: 'hook',
    summary: 'what an agent CLI’s hooks run: reads the event’s JSON, never fails',
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

/** Meanings of the exit codes, for the help and the docs. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done'],
  [1, 'refused or failed'],
  [2, 'wrong usage'],
  [3, 'nothing to talk to: no project, no session, no Redis'],
];
