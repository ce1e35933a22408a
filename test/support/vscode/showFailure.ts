import type { Suite } from 'mocha';
import type { Workbench } from '../../harness/workbench';

/**
 * After each failed step of a story: saves a picture of each window, and prints what the window shows.
 *
 * @param windows those that are open; undefined: not opened yet
 * @param details prints the story's own facts
 */
export function showFailures(
  story: Suite,
  windows: () => readonly (Workbench | undefined)[],
  details?: () => unknown,
): void {
  story.afterEach(async function () {
    const step = this.currentTest;
    if (step?.state !== 'failed') return;
    for (const [index, window] of windows().entries()) {
      if (!window || window.page.isClosed()) continue;
      await window.screenshot(
        `failed-${step.title.slice(0, 40).replace(/\W+/g, '-')}${index === 0 ? '' : `-${index + 1}`}`,
      );
      console.log(await window.state());
    }
    const facts = await details?.();
    if (facts !== undefined) console.log(facts);
  });
}
