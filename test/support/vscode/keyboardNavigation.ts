/** Checks which parts of a page can be reached: with the Tab key alone, and in a narrow editor. */
import type { Frame } from 'playwright-core';
import type { Workbench } from '../../harness/workbench';

const MAX_STOPS = 80;

/** Runs in the page: describes the focused element, and any fault in its visibility. */
const READ_FOCUS = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const name = at.tagName.toLowerCase() + ' ' + (at.getAttribute('aria-label') || at.title || at.id || at.textContent || '').trim().slice(0, 60);
  const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(at);
  if (outlineStyle === 'none') return { name, problem: 'has no ring' };
  const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset) - 0.5;
  const box = at.getBoundingClientRect();
  for (let around = at.parentElement; around && around !== document.body; around = around.parentElement) {
    const { overflowX, contentVisibility } = getComputedStyle(around);
    if ((overflowX === 'visible' && contentVisibility !== 'auto') || around.scrollWidth > around.clientWidth) continue;
    const left = around.getBoundingClientRect().left + around.clientLeft;
    if (box.left - reach < left || box.right + reach > left + around.clientWidth) return { name, problem: 'has a ring that is cut off' };
  }
  return { name, problem: '' };
})()`;

interface Stop {
  readonly name: string;
  readonly problem: string;
}

/** Returns every Tab stop, from the page's heading to its end. */
export async function tabStops(workbench: Workbench, page: Frame): Promise<readonly Stop[]> {
  await page.locator('h1').first().click();
  const stops: Stop[] = [];
  while (stops.length < MAX_STOPS) {
    await workbench.page.keyboard.press('Tab');
    const stop = await page.evaluate<Stop | null>(READ_FOCUS);
    if (stop === null || stop.name === stops[0]?.name) break;
    stops.push(stop);
  }
  return stops;
}

/**
 * Runs in the page: finds each control, and each sender and target name, that is not fully visible from left to right.
 */
const BESIDE = `[...document.querySelectorAll('button, input, select, textarea, summary, th, .way')].filter((each) => each.checkVisibility()).flatMap((each) => {
  const { left, right, width } = each.getBoundingClientRect();
  return left < 0 || right > innerWidth || width < 12 ? [each.tagName.toLowerCase() + ' ' + (each.getAttribute('aria-label') || each.id || each.textContent || '').trim().slice(0, 60)] : [];
})`;

/** Returns what the user sees only after scrolling sideways, where the window leaves the editor 400 pixels. */
export async function besideNarrow(workbench: Workbench, page: Frame, picture: string): Promise<readonly string[]> {
  const size = workbench.page.viewportSize();
  await workbench.page.setViewportSize({ width: 750, height: 900 });
  try {
    await workbench.eventually(() => page.evaluate<boolean>('innerWidth < 430'), 'a narrow page');
    await workbench.screenshot(picture);
    return await page.evaluate<readonly string[]>(BESIDE);
  } finally {
    if (size) await workbench.page.setViewportSize(size);
  }
}
