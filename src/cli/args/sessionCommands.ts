import type { CommandSpec } from './commandSpec';
import { historyOptions, programOptions, timeout, worktreeOptions } from './sharedOptions';

/** Commands that start, lead, show and end a team. */
export const sessionCommands: readonly CommandSpec[] = [
  {
    name: 'up',
    summary: 'start a team, or lead the running one, in this terminal',
    details: [
      'Starts Redis (unless a URL is set) and TACO’s own tmux server. Mother, the planner agent, plans the goal. The command shows the plan, launches the agents once you approve it, and delivers their messages. Without --goal and --plan it leads the running session.',
      'Ctrl-C stops leading and leaves the team running; `taco up` leads it again, `taco down` ends it.',
    ],
    arguments: [],
    options: {
      goal: { type: 'text', value: 'TEXT', summary: 'what the team should do; Mother makes the plan' },
      plan: { type: 'text', value: 'FILE', summary: 'launch this plan instead of one from Mother' },
      yes: { type: 'boolean', summary: 'approve a valid first plan at once; a later plan change still waits for you' },
      profile: {
        type: 'text',
        value: 'NAME',
        summary:
          'agent CLI of Mother and of agents without a profile in the plan: a name of docs/profiles.md such as claude or codex, scripted, or one of --profiles; default: claude',
      },
      ...programOptions,
      resume: {
        type: 'boolean',
        summary:
          'resume the last team after its tmux session ended (a reboot, tmux kill-server), with its conversations and waiting messages',
      },
      relaunch: {
        type: 'text',
        choices: ['never', 'onCrash'],
        summary: 'restart policy for an agent that exits unexpectedly; default: never',
      },
      'cross-session': {
        type: 'text',
        choices: ['refuse', 'show'],
        summary: 'what to do with messages that other Claude Code sessions send to an agent directly; default: refuse',
      },
      'on-limit': {
        type: 'text',
        choices: ['wait', 'fallback', 'ask'],
        summary:
          'what happens when the limit of an account is over: wait: agents go on by themselves (default); fallback: also, agents move to the fallbacks of their plan meanwhile; ask: after `taco resume`',
      },
      'limit-stop-time': {
        type: 'text',
        value: 'HH:MM',
        summary: 'local time after which a limited team does nothing by itself; default: none',
      },
      accounts: {
        type: 'text',
        value: 'FILE',
        summary: 'JSON file with accounts for `account` and `fallback` in plans: {"NAME": {"VARIABLE": "${env:NAME}"}}',
      },
      'keep-fallback': { type: 'boolean', summary: 'agents stay on their fallback after the limit' },
      ...worktreeOptions,
      budget: {
        type: 'text',
        value: 'USD',
        summary:
          'budget of the team, estimated at list prices; notifies you at 80 %; at 100 % stops every agent until you raise it with `taco budget`',
      },
      'memory-floor': {
        type: 'number',
        value: 'MB',
        summary: 'free memory below which no agent is launched; 0: no floor; default 256',
      },
      ...historyOptions,
      'until-done': {
        type: 'boolean',
        summary: 'stop the session and exit once every agent is done and no message is open; prints a delivery report',
      },
      timeout: timeout('stop waiting after so many seconds (with --until-done)'),
    },
    examples: [
      'taco up --goal "Build a todo app with a tested API"',
      'taco up --plan team.taco-plan.json --yes',
      'taco up --goal "Fix the flaky tests" --yes --until-done --timeout 1800',
    ],
  },
  {
    name: 'host',
    summary: 'join a team that is led elsewhere, and run agents on this machine',
    details: [
      'Joins the project under a name, over the team’s Redis (--redis). Agents with "host": NAME in the plan run on this machine, in their own tmux session. The project must have the same path here. Messages go both ways; each host delivers those for its own agents.',
      'Ctrl-C leaves its agents running and their messages waiting; the same command continues. A second process under the same name on this machine takes over at once when the first one ends.',
      '--forget removes a host that will not come back; only the user may. Its agents leave the team, and their waiting messages become dead letters. If the host comes back, it joins again with no agents: everything that ran there is ended.',
    ],
    arguments: [],
    options: {
      name: { type: 'text', value: 'NAME', summary: 'name of this host in plans; default: the machine’s own name' },
      forget: {
        type: 'text',
        value: 'NAME',
        summary: 'remove that disconnected host (`taco status` lists hosts) instead of joining',
      },
      profile: { type: 'text', value: 'NAME', summary: 'profile of --agent-command; default: claude' },
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
    options: { timeout: timeout('wait at most so many seconds for the end; default 20') },
    examples: ['taco down'],
  },
  {
    name: 'status',
    summary: 'show the session, its agents and the queue in a few lines',
    arguments: [],
    options: {},
    examples: ['taco status', 'taco status --json'],
  },
  {
    name: 'projects',
    summary: 'list every team on this machine: goal, state, who needs you, cost',
    details: ['Reads what is there and starts nothing. BUSY counts the agents that work now, of all agents.'],
    arguments: [],
    options: {},
    examples: ['taco projects', 'taco projects --json'],
  },
  {
    name: 'pause',
    summary: 'pause the team: nothing is typed into any agent, and working agents are interrupted',
    details: ['Messages wait in the queue. Processes and terminals of the agents stay as they are.'],
    arguments: [],
    options: {},
    examples: ['taco pause'],
  },
  {
    name: 'resume',
    summary: 'end a pause, or the wait for the limit of an account',
    details: [
      'Interrupted agents are asked to go on. One agent of each account that is at its limit tries again at once; the others follow when the model answers.',
    ],
    arguments: [],
    options: {},
    examples: ['taco resume'],
  },
  {
    name: 'report',
    summary: 'what the team did, and what it needs from you now, as Markdown',
    details: [
      'For each agent: what it finished, its commits (in a worktree of its own), turns, usage, waits with their reasons, restarts and messages. What needs you comes first, the most urgent on top.',
    ],
    arguments: [],
    options: {
      since: {
        type: 'text',
        value: 'TIME',
        summary: 'start of the report: 22:00, 8h, 2026-11-30T22:00; default: the start of the session',
      },
    },
    examples: ['taco report', 'taco report --since 22:00', 'taco report --since 8h --json'],
  },
  {
    name: 'budget',
    summary: 'show the cost and budget of the team; with USD, set the budget',
    details: [
      'Costs are estimates at list prices, from the transcripts of Claude Code; other CLIs record none. A team that used up its budget continues once you set a larger one.',
    ],
    arguments: [{ name: 'USD', summary: 'US dollars, including the cost so far; off: no limit', optional: true }],
    options: {},
    examples: ['taco budget', 'taco budget 10', 'taco budget off'],
  },
];
