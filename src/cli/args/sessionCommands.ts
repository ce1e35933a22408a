import type { CommandSpec } from './commandSpec';
import { historyOptions, programOptions, timeout, worktreeOptions } from './sharedOptions';

/** Commands that start, lead, show and end a team. */
export const sessionCommands: readonly CommandSpec[] = [
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
      'cross-session': {
        type: 'text',
        choices: ['refuse', 'show'],
        summary: 'what happens to messages that other Claude Code sessions send to an agent past TACO; default: refuse',
      },
      'on-limit': {
        type: 'text',
        choices: ['wait', 'ask'],
        summary:
          'what happens when the limit of an account is over: wait: agents go on by themselves (default); ask: after `taco resume`',
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
];
