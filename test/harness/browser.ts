/** The browser for VS Code: the system's Chromium, driven by Playwright. */
import { chromium, type Browser } from 'playwright-core';
import { ensureTools, tools, which } from './systemPackages';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a headless Chromium. The caller ends it with `close()`; Playwright ends it with this process. Throws NeedError
 * when there is none.
 */
export async function launchBrowser(): Promise<Browser> {
  await ensureTools([tools.chromium]);
  return await chromium.launch({
    executablePath: which(tools.chromium.commands) ?? 'chromium',
    // Chromium refuses its sandbox to root.
    args: process.getuid?.() === 0 ? ['--no-sandbox', ...FLAGS] : FLAGS,
  });
}
