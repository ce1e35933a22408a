import type { Locator, Page } from 'playwright-core';
import { dragWithMouse } from './dragWithMouse';
import { eventually } from './windowState';

/** Time in which a click shows its effect, unless VS Code has ignored it, milliseconds. */
const EFFECT_MS = 10_000;
const LIMIT_MS = 60_000;

/** The mouse of a window. VS Code redraws and moves what it shows, so one click may be ignored or hit something else. */
export class Pointer {
  constructor(private readonly page: Page) {}

  /**
   * Clicks until the effect shows. A second click comes only after a time without the effect, and only while the element
   * still exists.
   *
   * @param effect an element that becomes visible, or a condition
   * @param name name of the effect in an error
   */
  async clickUntil(target: Locator, effect: Locator | (() => Promise<boolean>), name: string): Promise<void> {
    const shows = async (): Promise<boolean> => {
      try {
        return typeof effect === 'function' ? await effect() : await effect.first().isVisible();
      } catch {
        return false;
      }
    };
    let isClicked = false;
    await this.eventually(async () => {
      if (isClicked && (await shows())) return true;
      // VS Code's page settles no navigation while a diff is drawn, so do not wait for one.
      isClicked = (await succeeds(target.click({ timeout: 5000, noWaitAfter: true }))) || isClicked;
      const until = Date.now() + EFFECT_MS;
      while (isClicked && Date.now() < until) {
        if (await shows()) return true;
        await this.page.waitForTimeout(100);
      }
      return false;
    }, name);
  }

  /** Clicks an element, as `clickUntil` does, until it has gone or is disabled. */
  async clickAway(target: Locator): Promise<void> {
    const isAway = async (): Promise<boolean> =>
      !(await target.isVisible().catch(() => false)) || !(await target.isEnabled({ timeout: 1000 }).catch(() => false));
    await this.clickUntil(target, isAway, `the effect of a click on ${target.toString()}`);
  }

  /** Presses an entry of a row's context menu, by a part of its text. */
  async contextAction(row: Locator, action: string): Promise<void> {
    await this.eventually(async () => {
      // A redraw of the tree closes its menu.
      await row.click({ button: 'right', timeout: 2000 }).catch(() => undefined);
      const entry = this.page.locator('.monaco-menu .action-item', { hasText: action }).first();
      // A menu ignores clicks in its first moments.
      for (let click = 0; click < 5; click++) {
        if (!(await succeeds(entry.click({ timeout: 2000 })))) break;
        if (await succeeds(entry.waitFor({ state: 'detached', timeout: 500 }))) return true;
      }
      await this.page.keyboard.press('Escape');
      return false;
    }, `the entry "${action}"`);
  }

  /**
   * Hovers over an element until its hover contains `words`. A redraw closes the hover, so the pointer returns then.
   */
  async hover(place: () => Promise<Locator>, words: RegExp): Promise<void> {
    const shown = this.page.locator('.workbench-hover', { hasText: words }).first();
    await this.eventually(async () => {
      await this.page.mouse.move(700, 5);
      await (await place()).hover({ timeout: 2000 }).catch(() => undefined);
      return await succeeds(shown.waitFor({ timeout: 3000 }));
    }, `a hover ${words}`);
  }

  /** Drags with the mouse, as {@link dragWithMouse} does. */
  drag(from: Locator, over: readonly Locator[], to: () => Promise<Locator>): Promise<void> {
    return dragWithMouse(this.page, from, over, to);
  }

  private eventually(read: () => Promise<boolean>, what: string): Promise<boolean> {
    return eventually(this.page, read, what, LIMIT_MS);
  }
}

function succeeds(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}
