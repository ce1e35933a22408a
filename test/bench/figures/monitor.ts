import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { TacoPaths } from '../../../src/core/programs/paths';
import { openStory } from '../../harness/openStory';
import type { Workbench } from '../../harness/workbench';
import { SyntheticTeam } from '../../support/syntheticTeam';
import { goal, number, type Figure } from '../figure';
import { enterPressed, framesDuring, installPageClock, waitFor, painted, seen } from '../pageClock';
import { builtVsix, EMPTY_PAGE, emptyExtension } from '../product';
import { interleaved, sleep, statsOf } from '../stats';

const AGENTS = 50;
const EVENTS_PER_SECOND = 100;
const MONITOR = '.monitor:not([hidden])';
const PAGE = { command: 'TACO: Open Monitor', title: 'TACO Monitor', selector: MONITOR } as const;
const FRAME_MS = 1000 / 60;

/** The monitor in the real VS Code, for a team whose messages are written to Redis at a given rate. */
export const monitorFigure: Figure = {
  name: 'monitor',
  title: `Monitor in VS Code, ${AGENTS} agents, ${EVENTS_PER_SECOND} events a second`,
  async run({ long }) {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-mon-')));
    const env = { TACO_HOME: join(dir, 't') };
    const empty = emptyExtension();
    const window = await openStory({
      env,
      settings: { 'taco.tmux.socket': `monitor-${process.pid}` },
      extensionDir: empty,
      vsix: await builtVsix(),
    });
    let team: SyntheticTeam | undefined;
    try {
      team = await SyntheticTeam.begin(realpathSync(window.workspace), new TacoPaths(env, dir), AGENTS);
      const { workbench } = window;
      await installPageClock(workbench.page.context());
      await workbench.page.reload();
      await workbench.openContainer('TACO');
      await workbench.treeRow('Agents', 'agent9', 60_000);
      const paints = await interleaved(
        long ? 25 : 12,
        2,
        () => firstPaint(workbench, EMPTY_PAGE),
        () => firstPaint(workbench, PAGE),
      );
      await chosen(workbench, PAGE.command);
      await workbench.page.keyboard.press('Enter');
      const frame = await workbench.webview(MONITOR);
      const changes = await changesSeen(workbench, frame, team, long ? 60 : 25);
      const idle = await framesDuring(frame, () => sleep(3000));
      const driving = sleep(long ? 30_000 : 12_000);
      const events = team.drive(EVENTS_PER_SECOND, driving);
      const busy = await framesDuring(frame, () => driving);
      const driven = await events;
      const { ours: paint, floor: shell } = paints;
      const [tree, page] = [statsOf(changes.map((each) => each.tree)), statsOf(changes.map((each) => each.page))];
      const [atRest, atWork] = [statsOf(idle), statsOf(busy)];
      const perSecond = (frames: readonly number[]): number =>
        (frames.length * 1000) / frames.reduce((sum, ms) => sum + ms, 0);
      const inTime = busy.filter((ms) => ms < FRAME_MS * 1.5).length / busy.length;
      return {
        floor: `a page with nothing on it, of an extension that does nothing: first paint p50 ${number(shell.p50)} ms, most ${number(shell.max)}; nothing happens: ${number(perSecond(idle))} frames a second, p99 ${number(atRest.p99)} ms`,
        runs: paint.n,
        measured: `first paint p50 ${number(paint.p50)} ms, most ${number(paint.max)}; a change in Redis seen in the tree p50 ${number(tree.p50)} ms, most ${number(tree.max)}, in the monitor p50 ${number(page.p50)}, most ${number(page.max)}; ${number(perSecond(busy))} frames a second, p50 ${number(atWork.p50)} ms, p99 ${number(atWork.p99)}, ${number(100 * inTime)} % in time (${driven} events)`,
        goals: [
          goal('first paint p50', paint.p50, 'at most', 150, 'ms'),
          goal('first paint p50, more than a page with nothing on it', paint.p50 - shell.p50, 'at most', 50, 'ms'),
          goal('change in the tree p50', tree.p50, 'at most', 100, 'ms'),
          goal('change in the monitor p50', page.p50, 'at most', 100, 'ms'),
          goal(
            'frames a second, of those when nothing happens',
            (100 * perSecond(busy)) / perSecond(idle),
            'at least',
            95,
            '%',
          ),
        ],
        data: { paints, changes, idle: atRest, busy: atWork, events: driven },
      };
    } finally {
      await window.close();
      await team?.close();
      for (const each of [dir, empty]) rmSync(each, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Measures the time from Enter in the palette to the drawn page, milliseconds; closes the page again. */
async function firstPaint(
  workbench: Workbench,
  { command, title, selector }: { readonly command: string; readonly title: string; readonly selector: string },
): Promise<number> {
  await chosen(workbench, command);
  await sleep(300); // wait for the end of the events that opened the palette
  await workbench.page.keyboard.press('Enter');
  const at = await painted(await workbench.webview(selector, 60_000));
  const enter = await enterPressed(workbench.page.mainFrame());
  const tab = workbench.page.locator('.part.editor .tab', { hasText: title });
  await tab.click({ button: 'middle' }); // closes it
  await tab.waitFor({ state: 'detached' });
  return at - enter;
}

/** Leaves the palette open with the command selected for Enter. */
async function chosen(workbench: Workbench, title: string): Promise<void> {
  await workbench.eventually(
    async () => {
      await workbench.page.keyboard.press('F1');
      await workbench.quickInput.locator('input').fill(`>${title}`);
      const focused = workbench.quickInput.locator('.monaco-list-row.focused').filter({ hasText: title });
      if (
        await focused
          .first()
          .waitFor({ timeout: 3000 })
          .then(
            () => true,
            () => false,
          )
      )
        return true;
      await workbench.page.keyboard.press('Escape'); // an open palette does not show a command that is registered later
      return false;
    },
    `the command "${title}"`,
    60_000,
  );
}

/** Measures the time from the write of an agent's state to the frame that shows it, milliseconds. */
async function changesSeen(
  workbench: Workbench,
  frame: Frame,
  team: SyntheticTeam,
  runs: number,
): Promise<readonly { readonly tree: number; readonly page: number }[]> {
  const main = workbench.page.mainFrame();
  const found: { tree: number; page: number }[] = [];
  for (let run = 0; run < runs; run += 1) {
    const text = `mark ${run}.`;
    await waitFor(main, { name: text, selector: '.part.sidebar', text });
    await waitFor(frame, { name: text, selector: MONITOR, text });
    await sleep(300 + (run % 7) * 37);
    const since = performance.timeOrigin + performance.now();
    await team.setAgent(2 + (run % 5), run % 2 === 0 ? 'busy' : 'idle', text);
    const [tree, page] = await Promise.all([seen(main, text, 10_000), seen(frame, text, 10_000)]);
    found.push({ tree: tree - since, page: page - since });
  }
  return found;
}
