import type { AgentRecord } from '../agents/agentRecord';
import { PLAN_END, PLAN_START } from '../base/planMarkers';
import { labelOfWindow } from '../messages/address';
import type { AgentSpec } from '../models';
import { commandText } from '../programs/commandLine';
import { changeLines } from './planDiff';
import type { PlanChange, PlanProblem } from './planReview';

/**
 * Texts that TACO sends to the models. Each text is one message; the queue puts `[FROM → TO]: ` before it. No text may
 * be readable as a plan: the markers never are on their own lines, and no bracket comes between them.
 */
// A code block, because a CLI that renders Markdown would show the JSON without its backslashes.
const BETWEEN_MARKERS = `one code block with first a line ${PLAN_START}, then the JSON, then a line ${PLAN_END}`;
const EXAMPLE =
  '{"agents":[{"window":2,"name":"api","role":"Builds the REST API","task":"…","depends_on":[],"wait_for":[],"notifies":["qa"]},' +
  '{"window":3,"name":"qa","role":"Tests the API","task":"…","depends_on":[],"wait_for":["api"],"notifies":[]}]}';
/** Maximum number of problems in a message; more do not lead to a better plan. */
const MAX_PROBLEMS = 25;
const MAX_PROBLEM_LENGTH = 400;

/** Returns the text appended to Mother's own system prompt. */
export function motherSystemPrompt(): string {
  return [
    'You are Mother. You plan and coordinate a team of coding agents that TACO runs, each in its own tmux window.',
    'Planning: when TACO asks for a plan you may read the project first, but change nothing in it. Your answer is the plan and nothing else. The user approves it, then TACO launches the agents.',
    'Coordinating: once the team runs, messages arrive as `[AGENT-4 → MOTHER]: text`; USER is the user, TACO the system. Never poll, sleep or wait in loops.',
    'To send a message run `taco send NAME "text"`; NAME is an agent, `user` for the user or `all` for everyone. `taco agents` shows who does what. `taco send NAME "why" --interrupt` stops its work first: only when it does damage or wastes its time, for a message alone reaches it between two tool calls.',
    'To add, stop or reassign agents while the team runs, print the whole plan as it should be (`taco plan show --json` prints the current one) in the same form; the user approves the difference. An agent that is not in it is stopped; a new "task" is sent to its agent.',
    "Apart from a plan, text that you only print reaches no one. Answer questions, decide which agent owns which files, and pass on what others must know; one short, concrete message each. Do the agents' work only when the user asks you to.",
  ].join('\n');
}

/**
 * Asks Mother for a plan of at most `maxAgents` agents; about 1,500 characters plus the goal.
 * @param accounts names of the accounts for fallbacks; null when limited agents wait
 */
export function planningMessage(
  goal: string,
  maxAgents: number,
  hosts: readonly string[] = [],
  accounts: readonly string[] | null = null,
): string {
  return [
    `Plan a team of coding agents for this goal: ${goal.trim()}`,
    '',
    `Use as few agents as the work needs, ${maxAgents} at most. Print only the plan: ${BETWEEN_MARKERS}. Each agent has`,
    '- "window": a number from 2 up, different for every agent;',
    '- "name": unique; a letter, then letters, digits, _ or -;',
    '- "role": what it is for, one sentence;',
    '- "task": its first task, complete in itself: what to build, which files it owns, how it knows that it is finished;',
    '- "check": the program and arguments, as a list, that prove its work; TACO runs it in the agent\'s folder when the agent reports done, and the work counts only if it exits 0: ["npm", "test"]. Leave it out only where nothing can be checked;',
    '- "owns": globs of the files that only this agent changes: ["src/api/**"];',
    '- "depends_on": names of agents to be launched before it;',
    '- "wait_for": names of agents that must have finished before it gets its task;',
    '- "notifies": names of agents to notify when it has finished (you and the user are always notified; never list them).',
    ...(hosts.length > 0
      ? [
          `- "host": only for an agent that is to run on another machine, with a copy of the project of its own there: ${hosts.join(' or ')}; left out, it runs beside you.`,
        ]
      : []),
    ...(accounts === null
      ? []
      : [
          `- "fallback": what it uses while its account has a limit, in order: other models or agent CLIs${accounts.length > 0 ? `, or the accounts ${accounts.join(', ')}` : ''}: [{"model": "…"}, {"profile": "…"}${accounts.length > 0 ? ', {"account": "…"}' : ''}]; left out, it waits.`,
        ]),
    'Lists may be empty and name only agents of this plan. No circles in "depends_on" and "wait_for" taken together. Let work run side by side where it can.',
    'Each file belongs to one agent, so that nobody overwrites another.',
    `The form: ${EXAMPLE}`,
  ].join('\n');
}

/** Reports to Mother the problems of her plan and the number of the next attempt. */
export function correctionMessage(problems: readonly PlanProblem[], attempt: number, attempts: number): string {
  const lines = problems.slice(0, MAX_PROBLEMS).map(({ message }) => `- ${shortened(message)}`);
  const more = problems.length - lines.length;
  return [
    `Your plan cannot be used yet. What is wrong:`,
    ...lines,
    ...(more > 0 ? [`- and ${more} more of the kind.`] : []),
    `Correct this and print the whole plan again (attempt ${attempt} of ${attempts}), and nothing else: ${BETWEEN_MARKERS}.`,
  ].join('\n');
}

/** Reports to Mother that the user wants another plan. */
export function rejectionMessage(note: string): string {
  const why = note.trim();
  return `The user sends your plan back${why ? `: ${why}` : ' and asks for another one.'}\nPrint the whole new plan and nothing else: ${BETWEEN_MARKERS}.`;
}

/** Returns the text appended to an agent's own system prompt: its identity, its team, how to communicate. */
export function agentSystemPrompt(spec: AgentSpec, team: readonly AgentSpec[]): string {
  const others = team
    .filter(({ name }) => name !== spec.name)
    .map(({ name, window, role }) => `- ${name} (${labelOfWindow(window)}): ${oneLine(role)}`);
  const receivers = spec.notifies.length ? `${spec.notifies.join(', ')} and Mother` : 'Mother';
  return [
    `You are ${spec.name} (${labelOfWindow(spec.window)}), one of a team of coding agents that TACO runs, each in a tmux window of its own. Your role: ${oneLine(spec.role)}`,
    others.length
      ? `Your team, which Mother coordinates:\n${others.join('\n')}`
      : 'You are the only agent beside Mother, who coordinates.',
    'Messages arrive as `[AGENT-4 → AGENT-3]: text`; MOTHER coordinates, USER is the user, TACO the system. Never poll, sleep or wait in loops.',
    'To send a message run `taco send NAME "text"`; NAME is an agent, `mother`, `user` or `all`. `taco send NAME -` reads a long text from standard input. Text that you only print reaches no one.',
    'Write when an agent must know or decide something, short and concrete; no thanks, no small talk.',
    `When your task is finished and checked, run \`taco done "what you did, in one line"\`; TACO then tells ${receivers}. If you cannot finish, say why with \`taco send mother\`.`,
    ...(spec.check
      ? [
          `Your work counts as done only when the check \`${commandText(spec.check)}\` exits 0 in your folder. Commit, then run taco done: TACO runs the check itself and writes to you only if it fails.`,
        ]
      : []),
    ...(spec.owns ? [`Your files: ${spec.owns.join(', ')}.`] : []),
    'Change only files that are yours; ask the owner of others.',
  ].join('\n');
}

/** An agent's first message. */
export function openingTask(spec: AgentSpec): string {
  const finished = spec.wait_for.length
    ? ` Finished before you: ${spec.wait_for.join(', ')}; build on what they did.`
    : '';
  const task = (spec.task ?? spec.role).trim();
  return `Your task: ${task}${/[\p{L}\p{N})]$/u.test(task) ? '.' : ''}${finished} When it is complete, run taco done.`;
}

/** Reports to Mother that the plan was approved, possibly edited by the user, and which agents run now. */
export function teamIsRunning(team: readonly AgentSpec[]): string {
  const names = team.map(({ name, window }) => `${name} (${labelOfWindow(window)})`).join(', ');
  return `The plan was approved, and the team runs: ${names}. Each has its task. You need do nothing until one of them, or the user, writes to you; answer this with one short line.`;
}

/** Reports its new task to a running agent. */
export function changedTask(spec: AgentSpec): string {
  return `The plan was changed; this replaces your task. ${openingTask(spec)}`;
}

/** Reports to Mother the approved changes, hers or the user's. */
export function teamWasChanged(change: PlanChange): string {
  return [
    'The team was changed as the user approved it:',
    ...changeLines(change),
    'Every agent with a new task was notified. Answer this with one short line.',
  ].join('\n');
}

/** Reports to Mother that the user removed a host, and which agents left with it. */
export function hostRemoved(host: string, names: readonly string[]): string {
  return `The user removed the host ${host}: it does not come back, and ${names.join(', ')} left the team with it. Agents that wait for one of them wait until the plan is changed. The user will tell you if others should do their work. Answer this with one short line.`;
}

/** Reports changes of the team to the remaining agents. */
export function teamHasChanged({ added, removed }: PlanChange): string {
  const came = added.map(({ name, window, role }) => `${name} (${labelOfWindow(window)}: ${oneLine(role)}) joined`);
  return `Your team has changed: ${[...came, ...removed.map(({ name }) => `${name} left`)].join('; ')}. Continue with your task.`;
}

/** Reports to Mother that the user rejected the change; without a note she need do nothing. */
export function changeRejected(note: string): string {
  const why = note.trim();
  if (!why) return 'The user keeps the team as it is; your change was not made. Answer this with one short line.';
  return `The user sends your change of the plan back: ${why}\nPrint the whole changed plan and nothing else: ${BETWEEN_MARKERS}.`;
}

/** Asks interrupted agents to continue after the user set a new budget. */
export function goOnAfterBudget(): string {
  return 'You were interrupted because the budget of the team was used up; there is more now. Go on with what you were doing, or say that it was finished.';
}

/** Asks interrupted agents to continue after the user resumed the team. */
export function goOnAfterPause(): string {
  return 'You were interrupted because the user paused the team, which continues now. Go on with what you were doing, or say that it was finished.';
}

/** Asks an agent to continue the turn that its model refused. */
export function goOnAfterLimit(): string {
  return 'Your last turn was cut short by a limit of the model, which is over now. Go on with what you were doing, or say that it was finished.';
}

/** Asks an agent to continue its refused turn with another account or model. */
export function goOnElsewhere(): string {
  return 'Your last turn was cut short by a limit of the account. You run with another account or model now. Go on with what you were doing, or say that it was finished.';
}

/** Asks an agent to begin with what its instructions hand over from another CLI. */
export function goOnHandOver(): string {
  return 'You took over the task of another agent CLI; your instructions say what was done. Check what is there, and go on with the task, or say that it was finished.';
}

/** Reports to Mother that her team was resumed after the end of its tmux session. */
export function teamWasResumed(names: readonly string[]): string {
  return `The tmux session had ended and was resumed: ${names.join(', ')} ${names.length === 1 ? 'is back with its conversation' : 'are back, each with its conversation'}. What one of them was doing at that moment was cut short: tell those who were at work to go on. Messages that waited are delivered now.`;
}

/** Describes the team to a relaunched Mother, whatever remains of her conversation. */
export function motherWasRelaunched(team: readonly Pick<AgentRecord, 'name' | 'window' | 'role' | 'status'>[]): string {
  const who = team.map(
    ({ name, window, role, status }) => `- ${name} (${labelOfWindow(window)}), ${status}: ${oneLine(role)}`,
  );
  return [
    'You were relaunched; what you were doing was cut short. Your team:',
    ...who,
    '`taco agents` shows more, `taco plan show --json` the plan. Go on coordinating; if nothing is open, answer with one short line.',
  ].join('\n');
}

/**
 * Welcomes an agent that the user started by hand and that thus does not know the team. `taco` is the path of the
 * command, which is not in the agent's PATH.
 */
export function adoptedWelcome(name: string, window: number, taco: string): string {
  return `You are part of a team of agents now: you are AGENT-${window}, called ${name}. Messages to you begin with [SENDER → AGENT-${window}]: in front. Run ${taco} agents to see the team, ${taco} send NAME "…" to write to one of them, to mother or to the user, and ${taco} done "…" when your work is done.`;
}

export function agentWasAdopted(name: string, window: number): string {
  return `The user added an agent that was already running: ${name}, in window ${window} (AGENT-${window}). It takes messages like the others.`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function shortened(text: string): string {
  return text.length > MAX_PROBLEM_LENGTH ? `${text.slice(0, MAX_PROBLEM_LENGTH)} …`.toWellFormed() : text;
}
