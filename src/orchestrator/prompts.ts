import { labelOfWindow } from '../core/address';
import type { AgentSpec, PlanProblem } from '../core/models';
import { PLAN_END, PLAN_START } from '../core/planFormat';

/** Appended to Mother's own system prompt. The bare marker words are never together on lines of their own here, so that this text is no plan. */
export function motherSystemPrompt(): string {
  return [
    'You are Mother, the coordinator of a team of coding agents that TACO runs in tmux windows.',
    'Planning: when TACO asks you for a plan, answer with the plan and nothing else; you may read the project first, but change nothing in it.',
    'Coordinating: once the team runs, agents report to you. Messages arrive as `[AGENT-4 → MOTHER]: text`. Write to others with the shell command',
    '`taco send NAME "text"` (NAME: an agent, `user` for the person, `all` for everyone). Do not poll and do not wait in loops: messages come to you.',
    'Do the agents\' work only when the person asks you to. Keep messages short and concrete. `taco agents` shows who does what.',
  ].join('\n');
}

/** Asks Mother for a plan. */
export function planningMessage(goal: string, maxAgents: number): string {
  return [
    `Plan a team of coding agents (1 to ${maxAgents}, as few as the work needs) for this goal: ${goal}`,
    '',
    `Print only the plan: a line ${PLAN_START}, then JSON, then a line ${PLAN_END}. The JSON is one object with a list "agents"; each agent has:`,
    '"window": a number from 2 up, different for every agent; "name": unique, a letter, then letters, digits, _ or -; "role": one sentence;',
    '"task": what it is to do first, complete in itself, with the files it owns; "depends_on": names of agents to be launched before it;',
    '"wait_for": names of agents that must report done before it gets its task; "notifies": names of agents to be told when it is done.',
    'The lists may be empty. No cycles. Give each file to one agent, so that nobody overwrites another. Do not start the work.',
  ].join('\n');
}

/** Tells Mother exactly what is wrong with her plan. */
export function correctionMessage(problems: readonly PlanProblem[], attempt: number, attempts: number): string {
  return [
    `The plan cannot be used (this is attempt ${attempt} of ${attempts}):`,
    ...problems.map(({ message }) => `- ${message}`),
    `Print the whole plan again, corrected, between ${PLAN_START} and ${PLAN_END}, and nothing else.`,
  ].join('\n');
}

/** The person wants another plan. */
export function rejectionMessage(note: string): string {
  return `The person sends the plan back: ${note}\nPrint the whole new plan between ${PLAN_START} and ${PLAN_END}, and nothing else.`;
}

/** Appended to an agent's own system prompt: who it is, its team, how to talk. */
export function agentSystemPrompt(spec: AgentSpec, team: readonly AgentSpec[]): string {
  const others = team.filter(({ name }) => name !== spec.name).map(({ name, window, role }) => `- ${name} (AGENT-${window}): ${role}`);
  return [
    `You are ${spec.name} (${labelOfWindow(spec.window)}), one of a team of coding agents that TACO runs in tmux windows. Your role: ${spec.role}`,
    others.length ? `Your team, beside Mother who coordinates:\n${others.join('\n')}` : 'You are the only agent beside Mother, who coordinates.',
    'Messages arrive as `[AGENT-4 → AGENT-3]: text`; MOTHER coordinates, USER is the person, TACO the system. Write with the shell command',
    '`taco send NAME "text"` (NAME: an agent, `mother`, `user`, or `all`; `-` instead of the text reads it from standard input).',
    'Send when others need to know something, not to chat. Do not poll and do not wait in loops: answers come to you.',
    `When your task is complete, run \`taco done "one line of what you did"\`${spec.notifies.length ? `; TACO then tells ${spec.notifies.join(', ')} and Mother` : '; TACO then tells Mother'}.`,
    'Change only files that are yours; ask their owner for others.',
  ].join('\n');
}

/** An agent's first message. */
export function openingTask(spec: AgentSpec): string {
  const after = spec.wait_for.length ? ` ${spec.wait_for.join(', ')} reported done.` : '';
  const tell = spec.notifies.length ? ` Tell ${spec.notifies.join(', ')} what they need from you with taco send.` : '';
  return `Your task: ${spec.task ?? spec.role}${after}${tell} When it is complete, run taco done.`;
}

/** Tells Mother that the plan was approved, perhaps changed by the person, and who runs now. */
export function teamIsRunning(team: readonly AgentSpec[]): string {
  const names = team.map(({ name, window }) => `${name} (AGENT-${window})`).join(', ');
  return `The plan was approved, and the team runs: ${names}. Each has its task. You need do nothing until one of them, or the person, writes to you; answer this with one short line.`;
}
