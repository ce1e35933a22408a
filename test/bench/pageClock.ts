/** Measures inside a browser's pages and frames, by the frames that they draw: no driver's polling stands between. */
import type { BrowserContext, Frame } from 'playwright-core';

/** What the script below keeps in each window. Times are milliseconds since the epoch, the same clock in every frame and in Node. */
export interface PageClock {
  /** When the person pressed Enter last. */
  enter: number;
  /** When `selector` was first seen, drawn. */
  seen: Record<string, number>;
  /** What to look for: a CSS selector, or a text within one. */
  want: { readonly name: string; readonly selector: string; readonly text: string } | null;
  /** Lengths of the frames, while not null. */
  frames: number[] | null;
}
type ClockWindow = { tacoClock: PageClock };

/** Runs in every frame of the context that is opened from now on. */
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
    const look = (mine: number): void => {
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
        // It is in the document; the task after this frame has begun when it has been drawn.
        clock.seen[want.name] = -1;
        setTimeout(() => {
          clock.seen[want.name] = now();
        }, 0);
      }
      page.requestAnimationFrame(() => look(mine));
    };
    // A document that is written anew, as that of a webview is, forgets what was to run with its next frame.
    setInterval(() => {
      if (now() - last < 60) return;
      loop += 1;
      const mine = loop;
      page.requestAnimationFrame(() => look(mine));
    }, 10);
  });
}

export async function look(frame: Frame, want: NonNullable<PageClock['want']>): Promise<void> {
  await frame.evaluate((it) => {
    (globalThis as unknown as ClockWindow).tacoClock.want = it;
  }, want);
}

/** When it was seen; waits for it up to `timeoutMs`. */
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

/** When the frame's document had first drawn something, by the browser's own account. */
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

/** Lengths of the frames that are drawn while `during` runs, milliseconds. */
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
