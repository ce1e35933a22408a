/**
 * Title and body of a pull request. Agents wrote the task, the commits and the check's command, so all of it is shown as
 * code, and nothing in it mentions a user, closes an issue or renders as markup. Pure.
 */
import { duration } from '../base/duration';
import { redactText } from '../base/redact';
import { cleanText } from '../base/sanitizeText';
import { firstLine, oneLine, shortened } from '../base/truncate';
import { commandText } from '../programs/commandLine';
import type { Evidence } from './proof';

/** Characters of a title; GitHub accepts 256. */
const MAX_TITLE = 120;
const MAX_TASK = 6000;
const MAX_SUBJECT = 200;
const MAX_COMMITS = 50;
/** Not visible; GitHub reads no mention and no reference across it. */
const BREAK = '\u200b';
const CLOSES_ISSUE =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:[\w.-]+\/[\w.-]+)?(?:#|GH-|https?:\/\/\S+\/issues\/)\d/i;

/** One commit of the work, newest first. */
export interface WorkCommit {
  /** Full hash. */
  readonly hash: string;
  readonly subject: string;
  /** True when its message would close an issue once it is merged. */
  readonly closesIssue: boolean;
}

export interface FinishedWork {
  readonly agent: string;
  readonly role: string;
  /** Empty when it has none. */
  readonly task: string;
  /** The commit that is pushed, full hash. */
  readonly commit: string;
  readonly commits: readonly WorkCommit[];
  /** The newest run of its check; null without one. */
  readonly evidence: Evidence | null;
}

export interface PullRequestText {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** Returns whether a text has a keyword with which GitHub closes an issue. */
export function closesIssue(text: string): boolean {
  return CLOSES_ISSUE.test(text);
}

/** Returns the text without passwords of URLs, in which nothing mentions a user and nothing refers to an issue. */
export function withoutReferences(text: string): string {
  return redactText(text)
    .replace(/@(?=[\w-])/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\bGH-(?=\d)/gi, (prefix) => prefix + BREAK)
    .replace(/\/(issues|pull|discussions)\/(?=\d)/gi, (part) => part + BREAK);
}

/** Returns the title and the body of the pull request for an agent's work. */
export function pullRequestText(work: FinishedWork): PullRequestText {
  const { agent, role, task, commits } = work;
  const [only] = commits.length === 1 ? commits : [];
  const about = oneLine(only?.subject ?? '') || oneLine(firstLine(task)) || oneLine(firstLine(role));
  const more = commits.length - MAX_COMMITS;
  return {
    title: shortened(withoutReferences(about || `Work of ${agent}`), MAX_TITLE),
    body: [
      '## Task',
      codeBlock(task || role),
      '## Evidence',
      evidenceText(work),
      '## Commits',
      [
        ...commits.slice(0, MAX_COMMITS).map(({ hash, subject }) => `- ${code(subject)} (${hash.slice(0, 10)})`),
        ...(more > 0 ? [`- and ${more} more`] : []),
      ].join('\n'),
      `The agent ${code(agent)} did this work. TACO opened the pull request for its user.`,
    ].join('\n\n'),
  };
}

function evidenceText({ evidence, commit }: FinishedWork): string {
  if (evidence === null) return 'No check has run.';
  const { command, exitCode, durationMs, verdict } = evidence;
  const run = code(commandText(command));
  const where = evidence.commit.slice(0, 10);
  if (evidence.commit !== commit)
    return `No check has run on this commit. The last one, ${run}, ran on ${where || 'no commit'}.`;
  if (verdict !== 'proven') return `The check ${run} did not pass on ${where}.`;
  return `The check ${run} passed on ${where} (exit code ${exitCode ?? 0}, ${duration(durationMs)}).`;
}

/** Returns one line as inline code, whatever backticks it has. */
function code(text: string): string {
  const line = shortened(withoutReferences(oneLine(text)), MAX_SUBJECT);
  const fence = fenceFor(line, 1);
  return line === '' ? '(empty)' : `${fence} ${line} ${fence}`;
}

function codeBlock(text: string): string {
  const block = shortened(withoutReferences(cleanText(text).trim()), MAX_TASK);
  const fence = fenceFor(block, 3);
  return `${fence}text\n${block}\n${fence}`;
}

/** Returns more backticks than any run of the text has. */
function fenceFor(text: string, least: number): string {
  const length = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, length + 1));
}
