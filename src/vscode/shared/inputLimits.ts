/** Errors of an input box for a text that its receiver would refuse, while the user can still shorten it. */
import * as vscode from 'vscode';
import { nameKey } from '../../core/base/agentName';
import { AGENT_NAME, fits, lengthOf, MAX_MESSAGE_BYTES } from '../../core/base/limits';
import { typedBytes } from '../../core/base/sanitizeText';

/** Of a text with a limit in characters; undefined when it fits. */
export function lengthProblem(text: string, limit: number): string | undefined {
  if (fits(text, limit)) return undefined;
  return vscode.l10n.t('The text has {0} characters; the limit is {1}.', lengthOf(text), limit);
}

/** Of a whole message, with all that is sent beside the user's own words; undefined when it fits. */
export function messageProblem(text: string): string | undefined {
  return typedBytes(text) > MAX_MESSAGE_BYTES
    ? vscode.l10n.t('The message is too long. Write it to a file and send the path.')
    : undefined;
}

/** Of the name of a new agent in a team with these names; undefined when it can have it. */
export function agentNameProblem(text: string, taken: readonly string[]): string | undefined {
  if (!AGENT_NAME.test(text)) return vscode.l10n.t('A letter, then letters, digits, _ or -; at most 32 characters.');
  return taken.some((name) => nameKey(name) === nameKey(text))
    ? vscode.l10n.t('An agent with that name already exists.')
    : undefined;
}
