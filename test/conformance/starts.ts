/**
 * Starts whole teams of a real CLI at once. Measures whether every agent gets its first message, and how long after its
 * CLI reads keys.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '../../src/core/team/snapshot';
import { Bed } from './bed';
import type { CliUnderTest } from './clis/cli';
import { OursTeam } from './tacoDriver';

/** Other load on the machine at the same time. */
export const BESIDE = ['nothing', 'load', 'team'] as const;
export type Beside = (typeof BESIDE)[number];

export interface StartResult {
  readonly version: string;
  readonly agents: number;
  readonly beside: Beside;
  /** Agents whose model got the opening task exactly once. */
  readonly received: number;
  /** Texts that arrived more than once, altered, or merged. */
  readonly wrong: number;
  /** How long a message was held after its agent's composer had shown a key; the slowest, seconds. */
  readonly heldAfterKeys: number;
  /** From the first key in a composer to the receipt; the slowest, seconds. */
  readonly afterKeys: number;
  /** From the request to the last receipt, seconds. */
  readonly seconds: number;
  readonly problems: readonly string[];
}

const GIVE_UP_AFTER_S = 180;
const POLL_INTERVAL_MS = 150;

/** One start: a team of `agents`, its Mother and their opening tasks. */
export async function playStart(
  cli: CliUnderTest,
  version: string,
  taco: string,
  agents: number,
  beside: Beside,
): Promise<StartResult> {
  const bed = await Bed.start(cli, version, taco);
  const load = beside === 'load' ? diskAndCpuLoad() : null;
  let other: OursTeam | null = null;
  let ours: OursTeam | null = null;
  try {
    const since = Date.now();
    const starting = OursTeam.begin(bed, agents);
    const second = beside === 'team' ? OursTeam.begin(bed, agents) : null;
    ours = await starting;
    other = second && (await second);
    const shown = new Map<number, number>();
    const received = new Map<number, number>();
    const freed = new Map<number, number>();
    let snapshot = await ours.team.snapshot();
    for (; Date.now() - since < GIVE_UP_AFTER_S * 1000; await sleep(POLL_INTERVAL_MS)) {
      snapshot = await ours.team.snapshot();
      seen(bed.cli, ours, snapshot, shown);
      for (const { type, state, target, endedAt, history } of snapshot.messages) {
        if (type !== 'task' || state !== 'received') continue;
        const window = Number(target.split(':').at(-1));
        received.set(window, endedAt ?? Date.now());
        freed.set(window, history[history.findLastIndex((each) => each.state === 'held') + 1]?.at ?? 0);
      }
      if (received.size >= agents) break;
    }
    const seconds = (Date.now() - since) / 1000;
    // The hook report comes before the call to the model.
    for (let tries = 0; tries < 50 && given(bed, snapshot).some(({ texts }) => texts.length === 0); tries++)
      await sleep(100);
    const texts = given(bed, snapshot);
    const right = texts.filter(({ texts: [first, ...more] }) => first?.startsWith('[TACO → ') && more.length === 0);
    const late = (times: Map<number, number>): number =>
      Math.max(0, ...[...times].map(([window, at]) => (at - (shown.get(window) ?? at)) / 1000));
    return {
      version,
      agents,
      beside,
      received: right.length,
      wrong: texts.filter((each) => each.texts.length > 0 && !right.includes(each)).length,
      heldAfterKeys: late(freed),
      afterKeys: late(received),
      seconds,
      problems: right.length === agents ? [] : [ours.test.describe(snapshot)],
    };
  } finally {
    load?.();
    await Promise.all([ours?.dispose(), other?.dispose()]);
    await bed.dispose();
  }
}

function given(bed: Bed, { agents }: Snapshot): { readonly window: number; readonly texts: readonly string[] }[] {
  return agents
    .filter(({ window }) => window > 1)
    .map(({ window, sessionId }) => ({ window, texts: bed.given(sessionId) }));
}

/** Records when each agent's composer first showed anything, by the suite's own reader. */
function seen(cli: CliUnderTest, { test }: OursTeam, { agents }: Snapshot, shown: Map<number, number>): void {
  for (const { window, pane } of agents) {
    if (window < 2 || pane === '' || shown.has(window)) continue;
    const text = cli.user.composer(screenOf(test, pane))?.text;
    if (text?.startsWith('[')) shown.set(window, Date.now());
  }
}

/** Returns the lines of a pane; none when its window has ended since the snapshot. */
function screenOf(test: OursTeam['test'], pane: string): readonly string[] {
  try {
    return test
      .tmux('capture-pane', '-p', '-t', pane)
      .split('\n')
      .map((line) => line.trimEnd());
  } catch {
    return [];
  }
}

/** Runs a busy loop for each of two cores, and a writer that syncs 64 MB repeatedly. */
function diskAndCpuLoad(): () => void {
  const dir = mkdtempSync(join(tmpdir(), 'taco-load-'));
  const write = `const fs=require('fs');const b=Buffer.alloc(64<<20,1);for(;;){const f=fs.openSync(${JSON.stringify(join(dir, 'file'))},'w');fs.writeSync(f,b);fs.fsyncSync(f);fs.closeSync(f)}`;
  const loops: ChildProcess[] = ['for(;;);', 'for(;;);', write].map((code) =>
    spawn(process.execPath, ['-e', code], { stdio: 'ignore' }),
  );
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
}
