/** Texts of agents' input requests. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { askedBy } from '../../core/agents/activity';
import { firstLine } from '../../core/base/truncate';
import type { InputRequest } from '../../core/requests/inputRequest';
import { fieldsOf, otherFields } from '../../core/requests/requestText';
import type { AgentView } from '../../core/team/snapshot';
import { agentTitle } from './labels';

/** Returns `Bash: mkdir -p x`, a question, or the first line of a dialog: one line of at most `limit` characters. */
export function requestTitle(request: InputRequest, limit = 80): string {
  if (request.kind === 'dialog') return firstLine(request.input, limit);
  return firstLine(askedBy(request.tool, request.input, l10n.t), limit);
}

/** Characters that fit into one line of a list's head. */
const LINE = 76;

/**
 * Splits a question over the head of a list, a title and a line below; a long one uses both. `whole`: all of it is
 * readable there.
 */
export function questionHead(
  title: string,
  question: string,
): { readonly title: string; readonly placeHolder: string; readonly whole: boolean } {
  const text = question.trim().replace(/\s+/g, ' ');
  if (text.length <= LINE) return { title, placeHolder: text, whole: true };
  const all = `${title}: ${text}`;
  const blank = all.lastIndexOf(' ', LINE);
  const end = blank > title.length + 1 ? blank : LINE;
  const placeHolder = all.slice(end).trim();
  return { title: all.slice(0, end), placeHolder, whole: placeHolder.length <= LINE };
}

/** Returns true when a line of `limit` characters shows the whole request, so that a user who allows it has seen it. */
export function isShort(request: InputRequest, limit: number): boolean {
  if (request.kind !== 'permission' || request.cut || request.tool !== 'Bash') return false;
  const fields = fieldsOf(request);
  const command = fields?.['command'];
  if (typeof command !== 'string' || command.length > limit || command.trim().includes('\n')) return false;
  return otherFields(fields ?? {}, ['command', 'description']).length === 0;
}

/**
 * Returns the file's content after an Edit or Write; null for any other tool, or when the old text is not in the file.
 */
export function fileAfterEdit(request: InputRequest, now: string): string | null {
  const fields = fieldsOf(request);
  if (request.tool === 'Write' && typeof fields?.['content'] === 'string') return fields['content'];
  if (request.tool !== 'Edit') return null;
  const { old_string: before, new_string: after, replace_all: all } = fields ?? {};
  if (typeof before !== 'string' || typeof after !== 'string' || before === '' || !now.includes(before)) return null;
  return all === true ? now.replaceAll(before, () => after) : now.replace(before, () => after);
}

/** Returns the file of an Edit or Write; null for any other tool. */
export function fileOf(request: InputRequest): string | null {
  const path = request.tool === 'Edit' || request.tool === 'Write' ? fieldsOf(request)?.['file_path'] : null;
  return typeof path === 'string' && path.startsWith('/') ? path : null;
}

/** Returns one sentence: which agent wants what. */
export function requestSentence(request: InputRequest, agent: Pick<AgentView, 'window' | 'name'>): string {
  const name = agentTitle(agent);
  switch (request.kind) {
    case 'permission':
      return l10n.t('{0} wants to use {1}', name, request.tool);
    case 'question':
      return l10n.t('{0} has a question', name);
    case 'plan':
      return l10n.t('{0} asks you to approve its plan', name);
    case 'dialog':
      return l10n.t('A dialog is open in the terminal of {0}', name);
  }
}

/** Returns one line: which agent wants what, with at most `limit` characters of the request. */
export function requestLine(request: InputRequest, agent: Pick<AgentView, 'window' | 'name'>, limit: number): string {
  const title = requestTitle(request, limit);
  // The sentence already names the tool.
  return `${requestSentence(request, agent)}: ${request.kind === 'permission' && title.startsWith(`${request.tool} `) ? title.slice(request.tool.length + 1) : title}`;
}
