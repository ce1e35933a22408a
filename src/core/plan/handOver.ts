import { oneLine } from '../base/truncate';
import type { AgentSpec } from '../models';
import { openingTask } from './prompts';

export interface HandOver {
  readonly spec: AgentSpec;
  /** Title of the CLI that worked before. */
  readonly before: string;
  /** Its last words or action; may be empty. */
  readonly lastActivity: string;
  /** Subjects of the commits in its folder, newest first. */
  readonly commits: readonly string[];
  /** Changed files that are not committed, as `git status --short` lists them. */
  readonly changes: readonly string[];
  /** Number of messages that follow this one. */
  readonly waiting: number;
  readonly isDone: boolean;
}

const MAX_LINES = 30;

/** Tells an agent that begins a new conversation in the place of another CLI what it takes over. */
export function handOverText({ spec, before, lastActivity, commits, changes, waiting, isDone }: HandOver): string {
  const list = (lines: readonly string[]): string[] => [
    ...lines.slice(0, MAX_LINES).map((line) => `- ${oneLine(line, 200)}`),
    ...(lines.length > MAX_LINES ? [`- and ${lines.length - MAX_LINES} more`] : []),
  ];
  return [
    `You take over from ${before}, which reached a limit of its account. You have the same name, role and folder; its conversation is not yours.`,
    isDone ? `Its task was reported done: ${spec.task ?? spec.role}` : openingTask(spec),
    ...(lastActivity === '' ? [] : [`The last thing it did or said: ${oneLine(lastActivity, 300)}`]),
    ...(commits.length === 0 ? ['It made no commit.'] : ['Its commits, newest first:', ...list(commits)]),
    ...(changes.length === 0
      ? ['There are no uncommitted changes.']
      : ['Uncommitted changes in the folder (git diff shows them):', ...list(changes)]),
    ...(waiting === 0 ? [] : [`${waiting} waiting ${waiting === 1 ? 'message follows' : 'messages follow'}.`]),
    isDone ? 'Wait for messages.' : 'Check what is there before you go on.',
  ].join('\n');
}
