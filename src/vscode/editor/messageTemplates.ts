/**
 * Texts of messages to agents about places in files. It does not use `vscode`, so that a test reads what an agent
 * reads.
 */
import type { Lines } from '../../core/agents/agentPath';
import { placeText } from '../../core/agents/agentPath';
import { cleanText } from '../../core/base/sanitizeText';
import { shortened } from '../../core/base/truncate';

/** Maximum lines of code that go with a place when the agent can read the file itself … */
const GLANCE_LINES = 40;
/** … and when the agent cannot. */
const WHOLE_LINES = 400;
/** Maximum bytes of all code of a message, so that it leaves room for the user's words. */
const MAX_CODE_BYTES = 24 * 1024;

/** A range of a file as the agent knows it. */
export interface Excerpt {
  /** The agent's path of the file. */
  readonly path: string;
  /** Lines in the agent's own copy; null: that copy does not contain the text. */
  readonly lines: Lines | null;
  /** The whole lines. */
  readonly code: string;
  /** Language of the file, for the code fence. */
  readonly language: string;
  /** True when the agent's copy on disk contains exactly this. */
  readonly onDisk: boolean;
  /** The file was deleted or moved since: there are no lines to show. */
  readonly gone?: true;
}

export interface Problem {
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  /** The source of the problem: `ts(2322)`, `eslint(no-eval)`; empty when unknown. */
  readonly source: string;
  /** Lines in the agent's copy. */
  readonly lines: Lines | null;
}

export interface ReviewNote {
  readonly excerpt: Excerpt;
  readonly comments: readonly string[];
}

/** Puts the note first, then the place with its code. An empty note leaves only the place. */
export function selectionText(excerpt: Excerpt, note: string): string {
  return joined(note, `${heading(excerpt)}\n${codeBlock(excerpt)}`);
}

/** Lists files by their paths; `unsaved` ones may differ from the file on disk that the agent reads. */
export function filesText(paths: readonly string[], note: string): string {
  return joined(
    note,
    paths.length === 1 ? `File: ${paths[0]}` : `Files:\n${paths.map((path) => `- ${path}`).join('\n')}`,
  );
}

/** @param patch the hunk as `git diff` prints it, from its `@@` line on */
export function hunkText(path: string, patch: string, note: string): string {
  return joined(note, `This change in ${path}:\n${fenced(capped(patch, WHOLE_LINES, MAX_CODE_BYTES), 'diff')}`);
}

export function fixText(excerpt: Excerpt, problems: readonly Problem[], note = ''): string {
  const [first] = problems;
  const lines = problems.map(({ severity, message, source, lines }) => {
    const at =
      lines && (problems.length > 1 || lines.first !== excerpt.lines?.first)
        ? ` (${placeText('line ', lines).replace(' :', ' ')})`
        : '';
    return `${severity}${source === '' ? '' : ` ${source}`}${at}: ${message.trim()}`;
  });
  const what =
    problems.length === 1 && first
      ? `Please fix this ${first.severity === 'error' ? 'error' : 'problem'}`
      : `Please fix these ${problems.length} problems`;
  return joined(
    note,
    `${what} in ${heading(excerpt)}\n${capped(lines.join('\n'), WHOLE_LINES, MAX_CODE_BYTES)}\n${codeBlock(excerpt)}`,
  );
}

/** Returns one message for a whole review, so that the agent gets all of it before it begins. */
export function reviewText(notes: readonly ReviewNote[], summary: string): string {
  const count = notes.reduce((sum, { comments }) => sum + comments.length, 0);
  const intro = `Review of your changes, ${count} ${count === 1 ? 'comment' : 'comments'}:`;
  const list = notes.map(({ excerpt, comments }, index) =>
    [
      `${index + 1}. ${heading(excerpt)}`,
      ...(excerpt.gone ? [] : [codeBlock(excerpt, MAX_CODE_BYTES / notes.length)]),
      ...comments.map((comment) => comment.trim()),
    ].join('\n'),
  );
  return joined(summary, [intro, ...list].join('\n\n'));
}

function joined(note: string, rest: string): string {
  return note.trim() === '' ? rest : `${note.trim()}\n\n${rest}`;
}

function heading({ path, lines, onDisk, gone }: Excerpt): string {
  if (gone) return `${path} (which is not there any more):`;
  return `${placeText(path, lines)}${onDisk ? '' : ' (not in your copy of the file as it stands here)'}:`;
}

function codeBlock({ code, language, onDisk }: Excerpt, maxBytes = MAX_CODE_BYTES): string {
  return fenced(capped(code, onDisk ? GLANCE_LINES : WHOLE_LINES, maxBytes), language);
}

/** Returns the whole lines that fit; of a first line that is too long alone, its start. */
function capped(text: string, maxLines: number, maxBytes: number): string {
  const lines = text.split(/\r?\n/);
  let bytes = 0;
  const tooMany = lines.findIndex(
    (line, index) => index === maxLines || (bytes += Buffer.byteLength(cleanText(line)) + 1) > maxBytes,
  );
  if (tooMany < 0) return lines.join('\n');
  // A character has at most four bytes.
  const shown = tooMany === 0 ? [shortened(lines[0] ?? '', Math.max(1, maxBytes / 4))] : lines.slice(0, tooMany);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`… ${left} more lines`] : [])].join('\n');
}

/** Returns a code fence that the code cannot close. */
function fenced(code: string, language: string): string {
  const fenceLength = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(fenceLength + 1);
  return `${fence}${language.replace(/[^\w+#-]/g, '')}\n${code}\n${fence}`;
}
