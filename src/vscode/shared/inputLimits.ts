/** What an input box says of a text that its receiver would refuse, while the user can still shorten it. */
import * as vscode from 'vscode';
import { fits, lengthOf, MAX_MESSAGE_BYTES } from '../../core/base/limits';

/** Of a text with a limit in characters; undefined when it fits. */
export function lengthProblem(text: string, limit: number): string | undefined {
  if (fits(text, limit)) return undefined;
  return vscode.l10n.t('The text has {0} characters; the limit is {1}.', lengthOf(text), limit);
}

/** Of a message, or of a part of one; undefined when it fits. */
export function messageProblem(text: string): string | undefined {
  return Buffer.byteLength(text) > MAX_MESSAGE_BYTES
    ? vscode.l10n.t('The message is too long. Write it to a file and send the path.')
    : undefined;
}
