/** Texts that TACO sends about checks. */
import { duration } from '../base/duration';
import { commandText } from '../programs/commandLine';
import type { Evidence } from './proof';

/** Failed checks after which the user is asked. */
export const REDS_UNTIL_USER = 3;
/** Characters of a check's output in a message. */
const SHOWN_OUTPUT = 3000;
const SHOWN_FILES = 10;

/** Tells an agent why its report did not count. */
export function checkFailed({ command, reason, durationMs }: Evidence, output: string, reds: number): string {
  const end = output.trim().slice(-SHOWN_OUTPUT);
  return [
    `Your work is not done yet: the check \`${commandText(command)}\` ${reason} (after ${duration(durationMs)}).`,
    ...(end === '' ? [] : [`The end of its output:\n${end}`]),
    reds >= REDS_UNTIL_USER
      ? `That is ${reds} times now: the user is asked. Stop, and wait for an answer.`
      : 'Fix that, commit, and run taco done again.',
  ].join('\n');
}

/** Tells an agent that files which no commit has cannot be proven or merged. */
export function commitFirst(files: readonly string[]): string {
  return `Your work is not done yet: ${counted(files)} not committed (${listed(files)}). Commit what belongs to your work, and run taco done again.`;
}

/** Tells the user and Mother that a report does not count because the check cannot run. */
export function checkElsewhere(
  { name, host = '' }: { readonly name: string; readonly host?: string | undefined },
  command: readonly string[],
): string {
  return `${name} reports done, but nothing proves it: it works on the host ${host}, and its check \`${commandText(command)}\` runs only on the leader's machine. Agents that wait for it keep waiting. The user can take its word: taco check accept ${name}`;
}

/** Tells the user that a check could not be run. */
export function checkNotRun(name: string, why: string): string {
  return `The check of ${name} cannot run: ${why} Remove the cause, then run \`taco check run ${name}\`, or take its word with \`taco check accept ${name}\`.`;
}

/** Says why a check of an agent's record does not run. */
export function notApproved(command: readonly string[]): string {
  return `No plan with \`${commandText(command)}\` was approved on this machine.`;
}

/** Tells an agent that it changed files after its proof. */
export function proofIsStale(): string {
  return 'Files changed after your work was proven, so it does not count as done any more. When the change is finished, commit it and run taco done again.';
}

/** Asks an agent that stopped without a report. */
export function askWhetherDone(command: readonly string[]): string {
  return `You stopped without reporting. If your task is finished, commit and run taco done: TACO then runs \`${commandText(command)}\`. If you wait for somebody, or cannot go on, say so with taco send mother.`;
}

/** Asks the user after several failed checks. */
export function askUserAboutReds(name: string, { command, reason }: Evidence, reds: number): string {
  return `The check \`${commandText(command)}\` of ${name} failed ${reds} times; last, it ${reason}. ${name} waits for you: see its output with \`taco check show ${name}\`, and write to it with \`taco send ${name}\`.`;
}

/** Returns the sentence by which others learn of a proof. */
export function provenBy({ command, commit }: Evidence): string {
  return `proven by \`${commandText(command)}\`${commit === '' ? '' : ` at ${commit.slice(0, 10)}`}`;
}

function counted(files: readonly string[]): string {
  return files.length === 1 ? '1 file is' : `${files.length} files are`;
}

function listed(files: readonly string[]): string {
  const more = files.length - SHOWN_FILES;
  return `${files.slice(0, SHOWN_FILES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
