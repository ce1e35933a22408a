/** Waits on a VS Code window, and what it shows as text that explains a failed story. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { waitUntil } from '../support/waitUntil';

/** Longest text of one part of the window, characters. */
const PART_LIMIT = 400;
/** Time for one part, milliseconds: a page that still loads answers late or never. */
const PART_MS = 5000;

const PARTS: readonly (readonly [name: string, selector: string])[] = [
  ['sidebar', '.part.sidebar .composite.title h2, .part.sidebar .pane-header.expanded .title'],
  ['rows', '.part.sidebar .monaco-list-row'],
  ['tabs', '.part.editor .tab .label-name'],
  ['editor', '.part.editor .view-lines, .part.editor .xterm-rows'],
  ['notifications', '.notifications-toasts .notification-list-item-message'],
  ['dialog', '.monaco-dialog-box'],
  ['menu', '.monaco-menu .action-item, .action-widget .monaco-list-row'],
  ['quick input', '.quick-input-widget:visible .quick-input-title, .quick-input-widget:visible .monaco-list-row'],
];

/** Returns a line for each part of the window that shows something, and for each webview. Never throws. */
export async function windowState(page: Page): Promise<string> {
  const parts = PARTS.map(async ([name, selector]) => line(name, await page.locator(selector).allInnerTexts()));
  const webviews = page
    .frames()
    .filter((frame) => frame !== page.mainFrame())
    .map(async (frame) => line('webview', await frame.locator('#root:visible').allInnerTexts()));
  const late = sleep(PART_MS, '');
  const lines = await Promise.all([...parts, ...webviews].map((part) => Promise.race([part.catch(() => ''), late])));
  return lines.filter((text) => text !== '').join('\n');
}

/**
 * Calls `read` every 100 ms until it returns a value; throws an error with `what` and the window's state after the time
 * limit.
 */
export async function eventually<T>(
  page: Page,
  read: () => Promise<T | undefined | null | false>,
  what: string,
  timeoutMs: number,
): Promise<T> {
  const found = async (): Promise<{ readonly value: T } | null> => {
    const value = await read();
    return value === undefined || value === null || value === false ? null : { value };
  };
  return (await waitUntil(found, timeoutMs, what, { pauseMs: 100, details: () => windowState(page) })).value;
}

function line(name: string, texts: readonly string[]): string {
  const text = texts
    .map((each) => each.replace(/\s+/g, ' ').trim())
    .filter((each) => each !== '')
    .join(' | ');
  return text === '' ? '' : `${name}: ${text.slice(0, PART_LIMIT)}`;
}
