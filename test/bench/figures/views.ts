import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { TacoPaths } from '../../../src/core/programs/paths';
import { openStory } from '../../harness/openStory';
import { SyntheticTeam } from '../../support/syntheticTeam';
import { goal, number, type Figure } from '../figure';
import { builtVsix } from '../product';
import { statsOf } from '../stats';

// As many as the tree has room for: hidden rows are not drawn.
const AGENTS = 6;
const RUNS = 9;
const PARTS = ['tree', 'status', 'badge'] as const;
type Seen = Readonly<Record<(typeof PARTS)[number], number>>;

/** A window that opens on a working team: the time from its activation until TACO's views show the state. */
export const viewsFigure: Figure = {
  name: 'views',
  title: 'From activation to views that are right, a team of 6 at work',
  async run() {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-views-')));
    const env = { TACO_HOME: join(dir, 't') };
    const window = await openStory({
      env,
      settings: { 'taco.tmux.socket': `views-${process.pid}` },
      vsix: await builtVsix(),
    });
    let team: SyntheticTeam | undefined;
    try {
      team = await SyntheticTeam.begin(realpathSync(window.workspace), new TacoPaths(env, dir), AGENTS);
      await team.setAgent(2, 'needs-input', 'Trust this folder?');
      await team.enqueue(3, 'How far are you?');
      const { workbench } = window;
      await workbench.openContainer('TACO');
      await workbench.treeRow('Agents', 'agent6', 60_000);
      await watchViews(workbench.page);
      const all: Seen[] = [];
      for (let run = 0; run < RUNS; run++) {
        // A new extension host, with an unchanged sidebar.
        await workbench.page.reload();
        const at = await seenIn(workbench.page);
        const begun = await workbench.eventually(
          async () => lastActivation(workbench.server.data),
          'the line of the activation in the log',
        );
        all.push({ tree: at.tree - begun, status: at.status - begun, badge: at.badge - begun });
      }
      const whole = statsOf(all.map((each) => Math.max(...PARTS.map((part) => each[part]))));
      const part = (name: (typeof PARTS)[number]): string => number(statsOf(all.map((each) => each[name])).p50);
      return {
        floor: 'none: VS Code draws what it is told within a frame or two',
        runs: whole.n,
        measured: `p50 ${number(whole.p50)} ms, most ${number(whole.max)} (p50 of the Agents tree ${part('tree')}, the status bar ${part('status')}, the badge ${part('badge')})`,
        goals: [goal('most', whole.max, 'at most', 2000, 'ms')],
        data: all,
      };
    } finally {
      await window.close();
      await team?.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Records in each page loaded later when each part first shows the state, milliseconds since the epoch. */
async function watchViews(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const scope = globalThis as unknown as {
      tacoViews: Record<string, number>;
      requestAnimationFrame(next: () => void): void;
      document: { querySelectorAll(selector: string): Iterable<{ readonly textContent: string }> };
    };
    const seen: Record<string, number> = (scope.tacoViews = {});
    const says = (selector: string, pattern: RegExp): boolean =>
      [...scope.document.querySelectorAll(selector)].some(({ textContent }) => pattern.test(textContent));
    const poll = (): void => {
      const right = {
        tree:
          says('.part.sidebar .monaco-list-row', /agent2\s*needs you/) &&
          says('.part.sidebar .monaco-list-row', /agent6\s*idle/),
        status: says('.part.statusbar .statusbar-item', /TACO\s+1\s/),
        badge: says('.part.activitybar .badge .badge-content', /^1$/),
      };
      for (const [part, is] of Object.entries(right)) if (is) seen[part] ??= performance.timeOrigin + performance.now();
      scope.requestAnimationFrame(poll);
    };
    scope.requestAnimationFrame(poll);
  });
}

async function seenIn(page: Page): Promise<Seen> {
  const handle = await page.waitForFunction(
    (parts) => {
      const seen = (globalThis as unknown as { tacoViews?: Record<string, number> }).tacoViews ?? {};
      return parts.every((part) => part in seen) ? (seen as { tree: number; status: number; badge: number }) : false;
    },
    [...PARTS],
    { timeout: 60_000, polling: 50 },
  );
  const seen = await handle.jsonValue();
  if (seen === false) throw new Error('The views say nothing.');
  return seen;
}

/** Returns when VS Code last began to activate TACO, from its own log. */
function lastActivation(data: string): number | null {
  const logs = join(data, 'data', 'logs');
  const files = readdirSync(logs, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('remoteexthost.log'));
  const lines = files
    .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'))
    .filter((line) => /_doActivateExtension taco\.taco\b/.test(line));
  const times = lines.map((line) => Date.parse(line.slice(0, 23).replace(' ', 'T'))).filter((at) => !Number.isNaN(at));
  return times.length === 0 ? null : Math.max(...times);
}
