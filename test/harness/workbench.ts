/**
 * The user's actions and views in VS Code, for stories driven by Playwright. Waits for conditions, never for fixed
 * times.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { SLOW_MACHINE_FACTOR } from '../support/slowMachine';
import { waitUntil } from '../support/waitUntil';
import { launchBrowser } from './browser';
import { Pointer } from './pointer';
import { startVsCode, type VsCodeOptions, type VsCodeServer } from './vscodeServer';
import { eventually, windowState } from './windowState';

/** Limits of a quiet machine; `eventually` and `limitMs` allow for a slow one. */
const OPEN_TIMEOUT_MS = 60_000;
/** Time within which a command asks its next question, on a loaded machine. */
const QUESTION_MS = 20_000;
const WAIT_MS = 15_000;
const limitMs = (quietMs: number): number => quietMs * SLOW_MACHINE_FACTOR;

export interface TreeRow {
  /** Label and description of the row, with a space between them. */
  readonly text: string;
  /** Text for a screen reader. */
  readonly aria: string;
  /** 1 for a root. */
  readonly level: number;
  readonly expanded: boolean | null;
}

/** An open VS Code window. */
export class Workbench {
  readonly pointer: Pointer;

  private constructor(
    readonly server: VsCodeServer,
    private readonly browser: Browser,
    readonly page: Page,
    private readonly artefacts: string,
  ) {
    this.pointer = new Pointer(page);
  }

  /** Starts VS Code and a browser on it; resolves once the workbench is ready. `close()` ends both. */
  static async open(options: VsCodeOptions, root = process.cwd()): Promise<Workbench> {
    const server = await startVsCode(options);
    let browser: Browser | undefined;
    try {
      browser = await launchBrowser();
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      if (options.language) await context.addInitScript(speak, options.language);
      const page = await context.newPage();
      page.setDefaultTimeout(limitMs(WAIT_MS));
      const workbench = new Workbench(server, browser, page, join(root, 'out', 'artefacts'));
      await page.goto(server.url, { timeout: limitMs(OPEN_TIMEOUT_MS) });
      await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: limitMs(OPEN_TIMEOUT_MS) });
      // Extensions are loaded once the remote indicator has settled and the explorer shows the folder.
      if (options.workspace)
        await page
          .locator('.explorer-folders-view .monaco-list-row')
          .first()
          .waitFor({ timeout: limitMs(OPEN_TIMEOUT_MS) });
      return workbench;
    } catch (error) {
      await browser?.close();
      await server.close();
      throw error;
    }
  }

  /** Opens a second window on the same folder, with its own extension host; it ends with the first. */
  async another(): Promise<Workbench> {
    const page = await (await this.browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(limitMs(WAIT_MS));
    await page.goto(this.server.url);
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: limitMs(OPEN_TIMEOUT_MS) });
    await page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: limitMs(OPEN_TIMEOUT_MS) });
    return new Workbench(this.server, this.browser, page, this.artefacts);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }

  /** Saves `out/artefacts/<name>-<version>.png`; returns its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(this.artefacts, { recursive: true });
    const path = join(this.artefacts, `${name}-${this.server.version}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Returns what the window shows, a line for each part, to explain a failure. */
  state(): Promise<string> {
    return windowState(this.page);
  }

  /** The input at the top: palette, quick pick or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** The title of the open input box or quick pick, which contains `title`. */
  question(title: string): Locator {
    return this.quickInput.locator('.quick-input-title', { hasText: title }).first();
  }

  /** Runs a command by its title (`TACO: Start…`) from the command palette. Fails when the palette does not offer it. */
  async runCommand(title: string, timeoutMs = OPEN_TIMEOUT_MS): Promise<void> {
    await this.eventually(
      async () => {
        await this.page.keyboard.press('F1');
        const row = this.quickInput.locator('.monaco-list-row').filter({ hasText: title }).first();
        try {
          // A part of VS Code that still closes takes the focus, and closes the palette with it.
          await this.quickInput.locator('input').fill(`>${title}`, { timeout: 2000 });
          await row.click({ timeout: 2000 });
          // The palette is open until it has got the click.
          const isDone = async (): Promise<boolean> => !(await this.isAsking(`>${title}`));
          return await waitUntil(isDone, 5000, 'the choice', { pauseMs: 100, slowness: 1 });
        } catch {
          // An open palette does not show an extension that loads later: open it again.
          await this.page.keyboard.press('Escape');
          return false;
        }
      },
      `the command "${title}"`,
      timeoutMs,
    );
  }

  /**
   * Types into the open input box or quick pick, and accepts. @param title title of the intended box, where another may
   * still be closing
   */
  async answer(text: string, title?: string): Promise<void> {
    if (title !== undefined) await this.question(title).waitFor();
    await this.quickInput.locator('input').fill(text);
    await this.eventually(
      async () => {
        await this.page.keyboard.press('Enter');
        // VS Code drops an Enter while it still processes the typed text.
        for (let polls = 0; polls < 30; polls++) {
          if (!(await this.isAsking(text))) return true;
          await this.page.waitForTimeout(100);
        }
        return false;
      },
      `the end of the question that was answered with "${text}"`,
      OPEN_TIMEOUT_MS,
    );
  }

  /** Returns whether an input is open that contains exactly this text. */
  private async isAsking(text: string): Promise<boolean> {
    if (!(await this.quickInput.isVisible())) return false;
    const value = await this.quickInput
      .locator('input')
      .inputValue({ timeout: 2000 })
      .catch(() => null);
    return value === null ? await this.quickInput.isVisible() : value === text;
  }

  /** Writes a message to an agent whose input box opens. One that works gets it now. */
  async messageTo(agent: string, text: string): Promise<void> {
    await this.answer(text, `Message to ${agent}`);
    const question = this.quickInput.locator('input[placeholder^="The agent is working"]');
    let closedAt = Infinity;
    await this.eventually(
      async () => {
        if (await question.isVisible()) await this.page.keyboard.press('Enter');
        if (await this.quickInput.isVisible()) closedAt = Infinity;
        else closedAt = Math.min(closedAt, Date.now());
        if (closedAt === Infinity) return false;
        // The status bar shows it for four seconds.
        return Date.now() - closedAt > QUESTION_MS || (await this.statusItem(`Queued for ${agent}`).isVisible());
      },
      `the message to ${agent} in the queue`,
      OPEN_TIMEOUT_MS,
    );
  }

  /** Chooses the entry of the open quick pick that contains `text`. */
  async pick(text: string | RegExp): Promise<void> {
    // A hover of the row below the mouse would cover the list.
    await this.page.mouse.move(0, 0);
    const row = this.quickInput.locator('.monaco-list-row').filter({ hasText: text }).first();
    await row.waitFor({ timeout: limitMs(OPEN_TIMEOUT_MS) });
    const before = await this.offered();
    // A second click would take a chosen entry back.
    const isChosen = async (): Promise<boolean> => (await this.offered()) !== before || (await this.isChecked(row));
    await this.pointer.clickUntil(row, isChosen, `the choice of "${text}"`);
  }

  /** Returns the title and the entries of the open quick pick; an empty text when none is open. */
  private async offered(): Promise<string> {
    const texts = await this.quickInput
      .locator('.quick-input-title, .quick-input-message, .label-name')
      .allInnerTexts();
    return texts.join('\n');
  }

  private async isChecked(row: Locator): Promise<boolean> {
    return (await row.locator('[role="checkbox"][aria-checked="true"], input:checked').count()) > 0;
  }

  /** Entries of the open quick pick. */
  async pickEntries(): Promise<readonly string[]> {
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    await this.page.waitForTimeout(200); // VS Code draws the list in several steps
    return (await this.quickInput.locator('.monaco-list-row').evaluateAll(readRows)).map(({ aria }) => aria);
  }

  /** Shows a view container by the title in the activity bar. */
  async openContainer(title: string): Promise<void> {
    const tab = this.containerTab(title);
    await tab.waitFor({ timeout: limitMs(OPEN_TIMEOUT_MS) });
    const heading = this.page.locator('.part.sidebar .composite.title h2').filter({ hasText: new RegExp(title, 'i') });
    // A click on the container that is already visible would hide the sidebar.
    if (!/\bchecked\b/.test((await tab.getAttribute('class')) ?? ''))
      await this.pointer.clickUntil(tab, heading, title);
    // The hover of the tab would cover rows of the view.
    await this.page.mouse.move(700, 5);
    await heading.waitFor();
  }

  /** Returns the pane of a view in the sidebar, by its title; expands it first if necessary. */
  async view(title: string): Promise<Locator> {
    const pane = this.page
      .locator('.part.sidebar .pane')
      .filter({ has: this.page.locator('.pane-header .title', { hasText: new RegExp(`^${title}$`, 'i') }) })
      .first();
    const header = pane.locator('.pane-header');
    await header.waitFor();
    const isOpen = async (): Promise<boolean> => (await header.getAttribute('aria-expanded')) !== 'false';
    if (!(await isOpen())) await this.pointer.clickUntil(header, isOpen, `the open view ${title}`);
    return pane;
  }

  /** Returns the rows that a tree view shows at this moment; long trees show only those that fit. */
  async treeRows(title: string): Promise<readonly TreeRow[]> {
    const pane = await this.view(title);
    return await pane.locator('.monaco-list-row').evaluateAll(readRows);
  }

  /** Returns one row of a tree by a part of its text, once it exists. */
  async treeRow(title: string, text: string | RegExp, timeoutMs = WAIT_MS): Promise<Locator> {
    const row = (await this.view(title)).locator('.monaco-list-row').filter({ hasText: text }).first();
    await row.waitFor({ timeout: limitMs(timeoutMs) });
    return row;
  }

  /**
   * Presses an inline action of a row by its tooltip, until it opens the input box of that title. The action shows while
   * the pointer is over the row: a redraw of the tree, or a row that is added above, hides it or moves another one there.
   */
  async rowAction(row: Locator, action: string, opens: string): Promise<void> {
    const box = this.question(opens);
    await this.eventually(
      async () => {
        try {
          await row.hover({ timeout: 5000 });
          await row.locator(`.actions a[aria-label^="${action}"]`).click({ timeout: 2000 });
          await box.waitFor({ timeout: 10_000 });
          return true;
        } catch {
          await this.page.keyboard.press('Escape');
          await this.page.mouse.move(700, 5);
          return false;
        }
      },
      `the box "${opens}"`,
      60_000,
    );
  }

  /** The tab of a view container in the activity bar. */
  containerTab(title: string): Locator {
    return this.page
      .locator('.part.activitybar .action-item')
      .filter({ has: this.page.locator(`a.action-label[aria-label^="${title}"]`) })
      .first();
  }

  /** Presses a button in a view's title by its tooltip until it has gone; it shows while the pointer is over the view. */
  async viewAction(title: string, action: string): Promise<void> {
    const header = (await this.view(title)).locator('.pane-header');
    await header.hover();
    await this.pointer.clickAway(header.locator(`.actions a[aria-label^="${action}"]`));
  }

  /** Buttons and links of a view's welcome text. */
  async welcome(title: string): Promise<Locator> {
    return (await this.view(title)).locator('.welcome-view-content');
  }

  /** The status bar item that contains `text`. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
  }

  /** Messages of the notification toasts. */
  async notifications(): Promise<readonly string[]> {
    return await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** A button of a notification. @param message a part of its text, where another notification may have such a button */
  notificationButton(button: string, message: string | RegExp = ''): Locator {
    return this.page
      .locator('.notifications-toasts .notification-list-item', { hasText: message })
      .locator('.monaco-button', { hasText: button })
      .first();
  }

  /** Presses a button of a notification until the notification has gone. */
  async pressNotification(message: string | RegExp, button: string): Promise<void> {
    await this.pointer.clickAway(this.notificationButton(button, message));
  }

  /** Presses a button of the modal dialog until the dialog has gone. */
  async pressDialog(button: string): Promise<void> {
    await this.pointer.clickAway(this.page.locator('.monaco-dialog-box .monaco-button', { hasText: button }).first());
  }

  /**
   * Returns the webview document that contains `selector`. Webviews are nested in two frames, so each frame is checked.
   */
  async webview(selector: string, timeoutMs = WAIT_MS): Promise<Frame> {
    return await this.eventually(
      async () => {
        for (const frame of this.page.frames()) {
          if (frame === this.page.mainFrame()) continue;
          // A frame may be removed during the check.
          if (
            await frame
              .locator(selector)
              .first()
              .isVisible()
              .catch(() => false)
          )
            return frame;
        }
        return undefined;
      },
      `a webview with ${selector}`,
      timeoutMs,
    );
  }

  /** Titles of the open editors. */
  async editors(): Promise<readonly string[]> {
    return await this.page.locator('.part.editor .tab .label-name').allInnerTexts();
  }

  /** Calls `read` every 100 ms until it returns a value; throws an error with `what` and the window's state after the time limit. */
  async eventually<T>(
    read: () => Promise<T | undefined | null | false>,
    what: string,
    timeoutMs = WAIT_MS,
  ): Promise<T> {
    return await eventually(this.page, read, what, timeoutMs);
  }
}

/**
 * Runs in the page and sets its language. With a language pack VS Code's own texts would; without one nothing else
 * does.
 */
function speak(language: string): void {
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set: () => undefined });
}

/** The members of an element that `readRows` needs: the tests have no browser types. */
interface RowElement {
  readonly innerText: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<RowElement>;
}

/** Runs in the page: reads all rows at once, since a redraw may remove some. */
function readRows(rows: readonly RowElement[]): readonly TreeRow[] {
  return rows.map((row) => {
    const parts = [...row.querySelectorAll('.monaco-icon-label-container > *')].map(({ innerText }) => innerText);
    const expanded = row.getAttribute('aria-expanded');
    return {
      text: parts.join(' ').replace(/\s+/g, ' ').trim(),
      aria: row.getAttribute('aria-label') ?? '',
      level: Number(row.getAttribute('aria-level') ?? 1),
      expanded: expanded === null ? null : expanded === 'true',
    };
  });
}
