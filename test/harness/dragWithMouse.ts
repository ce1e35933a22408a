import type { Locator, Page } from 'playwright-core';

/**
 * Drags with the mouse in small steps, as a user does. Over each of `over` it pauses, so that VS Code opens what is
 * behind it.
 */
export async function dragWithMouse(
  page: Page,
  from: Locator,
  over: readonly Locator[],
  to: () => Promise<Locator>,
): Promise<void> {
  const middle = async (place: Locator): Promise<readonly [number, number]> => {
    const box = await place.boundingBox();
    if (!box) throw new Error('Nothing is there to be dragged, or dropped on.');
    return [box.x + Math.min(box.width / 2, 60), box.y + box.height / 2];
  };
  await page.mouse.move(...(await middle(from)));
  await page.mouse.down();
  for (const place of over) {
    await page.mouse.move(...(await middle(place)), { steps: 10 });
    await page.waitForTimeout(1500); // the time for which a user must wait there
  }
  const target = await to();
  await page.mouse.move(...(await middle(target)), { steps: 10 });
  await page.waitForTimeout(300);
  await page.mouse.up();
}
