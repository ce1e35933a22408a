/** Measures inside a browser's pages and frames, by the frames that they draw, without polling by a driver. */
import type { BrowserContext, Frame } from 'playwright-core';

/**
 * The data of the script below in each window. Times are milliseconds since the epoch, the same clock in every frame
 * and in Node.
 */
export interface PageClock {
  /** Time of the last Enter. */
  enter: number;
  /** Time when `selector` was first drawn. */
  seen: Record<string, number>;
  /** The element to wait for: a CSS selector, or a text within one. */
  want: { readonly name: string; readonly selector: string; readonly text: string } | null;
  /** Lengths of the frames; null while they are not recorded. */
  frames: number[] | null;
}
type ClockWindow = { tacoClock: PageClock };

/** Runs in every frame of the context that opens later. */
export async function installPageClock(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const clock: PageClock = { enter: 0, seen: {}, want: null, frames: null };
    (globalThis as unknown as ClockWindow).tacoClock = clock;
    const now = (): number => performance.timeOrigin + performance.now();
    let last = 0;
    const page = globalThis as unknown as {
      addEventListener(type: string, listener: (event: { key: string }) => void, capture: boolean): void;
      requestAnimationFrame(next: () => void): void;
      document: { querySelector(selector: string): { readonly textContent: string } | null };
    };
    page.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Enter') clock.enter = now();
      },
      true,
    );
    let loop = 0;
    const waitFor = (mine: number): void => {
      if (mine !== loop) return;
      const at = now();
      if (clock.frames && last > 0) clock.frames.push(at - last);
      last = at;
      const { want } = clock;
      if (
        want &&
        clock.seen[want.name] === undefined &&
        page.document.querySelector(want.selector)?.textContent.includes(want.text)
      ) {
        // The element is in the document; the task after this frame starts when the frame has been drawn.
        clock.seen[want.name] = -1;
        setTimeout(() => {
          clock.seen[want.name] = now();
        }, 0);
      }
      page.requestAnimationFrame(() => waitFor(mine));
    };
    // A document that is written again, as a webview's is, drops the callbacks of its next frame.
    setInterval(() => {
      if (now() - last < 60) return;
      loop += 1;
      const mine = loop;
      page.requestAnimationFrame(() => waitFor(mine));
    }, 10);
  });
}

export async function waitFor(frame: Frame, want: NonNullable<PageClock['want']>): Promise<void> {
  await frame.evaluate((it) => {
    (globalThis as unknown as ClockWindow).tacoClock.want = it;
  }, want);
}

/** Returns the time when it was drawn; waits for it up to `timeoutMs`. */
export async function seen(frame: Frame, name: string, timeoutMs: number): Promise<number> {
  const handle = await frame.waitForFunction(
    (key) => {
      const at = (globalThis as unknown as ClockWindow).tacoClock.seen[key] ?? -1;
      return at > 0 ? at : false;
    },
    name,
    { timeout: timeoutMs, polling: 50 },
  );
  return Number(await handle.jsonValue());
}

/** Returns when the frame's document first drew something, as the browser reports it. */
export async function painted(frame: Frame): Promise<number> {
  const handle = await frame.waitForFunction(
    () => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return paint ? performance.timeOrigin + paint.startTime : false;
    },
    null,
    { timeout: 10_000 },
  );
  return Number(await handle.jsonValue());
}

export async function enterPressed(frame: Frame): Promise<number> {
  return await frame.evaluate(() => (globalThis as unknown as ClockWindow).tacoClock.enter);
}

/** Returns the lengths of the frames that are drawn while `during` runs, milliseconds. */
export async function framesDuring(frame: Frame, during: () => Promise<unknown>): Promise<readonly number[]> {
  await frame.evaluate(() => {
    (globalThis as unknown as ClockWindow).tacoClock.frames = [];
  });
  await during();
  return await frame.evaluate(() => {
    const { tacoClock } = globalThis as unknown as ClockWindow;
    const { frames } = tacoClock;
    tacoClock.frames = null;
    return frames ?? [];
  });
}
