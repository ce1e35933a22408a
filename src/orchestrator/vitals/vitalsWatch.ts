import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { Trend } from '../../core/vitals/trend';
import type { AgentVitals, HostVitals } from '../../core/vitals/vitals';
import { cpuBetween, processUsages, treeUsages, type TreeUsage } from '../../environment/machine/processUsage';
import type { ProgressWatch } from './progressWatch';
import type { RoomWatch } from './roomWatch';

export interface VitalsWatchOptions {
  readonly host: string;
  /** Agents of this host. */
  readonly agents: () => readonly AgentRecord[];
  /** Returns the process of each pane. */
  readonly panes: () => Promise<readonly { readonly pane: string; readonly pid: number; readonly dead: boolean }[]>;
  /** Returns the cost of each agent so far, US dollars, by window. */
  readonly costs: () => Promise<ReadonlyMap<number, number>>;
  readonly progress: ProgressWatch;
  readonly room: RoomWatch;
  readonly store: { set(vitals: HostVitals, wakes: boolean): Promise<void> };
  /** Takes what agents of each profile use, MB. */
  readonly onMeasured: (mb: Readonly<Record<string, number>>) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Interval of the measurements, milliseconds. One takes about 5 ms with 20 agents: 0.05 % of a core. */
const EVERY_MS = 10_000;
/** Time over which a growth must be seen before it is shown, milliseconds. */
const MEMORY_TREND_MS = 10 * 60_000;
const COST_TREND_MS = 2 * 60_000;
/** A process that is younger has not loaded all of its program, milliseconds. */
const GROWN_UP_MS = 60_000;
const MEGABYTE = 1024 * 1024;

interface Known {
  readonly memory: Trend;
  readonly cost: Trend;
  tree?: TreeUsage;
  at: number;
}

/** Measures regularly what the agents of a host use of it, and whether they make progress. */
export class VitalsWatch implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly known = new Map<string, Known>();
  private measuring = false;
  private shown = '';

  constructor(private readonly options: VitalsWatchOptions) {
    const timer = setInterval(() => void this.onTimer(), EVERY_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
  }

  onHook(window: number, data: HookData): void {
    this.options.progress.onHook(window, data, this.options.clock.now());
  }

  /** Measures everything once. Throws TacoError not-leader once another process leads. */
  async measure(): Promise<void> {
    const { host, agents, panes, costs, progress, room, store, onMeasured, clock } = this.options;
    const running = agents().filter(({ pane, status }) => pane !== '' && status !== 'exited' && status !== 'failed');
    const pids = new Map((await panes()).filter(({ dead }) => !dead).map(({ pane, pid }) => [pane, pid]));
    const trees = treeUsages(await processUsages(), [...pids.values()]);
    const spent = await costs();
    const now = clock.now();
    const found: AgentVitals[] = [];
    for (const record of running) {
      const tree = trees.get(pids.get(record.pane) ?? 0);
      if (!tree) continue;
      const use = this.useOf(record, tree, spent.get(record.window) ?? 0, now);
      found.push({ ...use, ...(await progress.check(record, use.cpu, now)) });
    }
    this.forgetAllBut(running);
    const machine = await room.check();
    // A view reads on its own every few seconds; only a change that needs the user wakes it.
    const shown = JSON.stringify(found.map(({ window, stillSince, repeats }) => [window, stillSince, repeats?.call]));
    await store.set({ host, at: now, ...machine, agents: found }, shown !== this.shown);
    this.shown = shown;
    await onMeasured(measuredByProfile(running, found, now));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private useOf(record: AgentRecord, tree: TreeUsage, cost: number, now: number): AgentVitals {
    const key = keyOf(record);
    const known = this.known.get(key) ?? {
      memory: new Trend(MEMORY_TREND_MS),
      cost: new Trend(COST_TREND_MS),
      at: now,
    };
    const passed = now - known.at;
    const cpu = known.tree && passed > 0 ? cpuBetween(known.tree.cpuMs, tree.cpuMs) / passed : 0;
    known.memory.add(now, tree.memory);
    known.cost.add(now, cost);
    this.known.set(key, Object.assign(known, { tree, at: now }));
    const memoryPerHour = known.memory.perHour(now, tree.memory);
    const costPerHour = known.cost.perHour(now, cost);
    return {
      window: record.window,
      memory: tree.memory,
      cpu,
      ...(memoryPerHour === undefined ? {} : { memoryPerHour }),
      ...(costPerHour === undefined ? {} : { costPerHour: Math.max(0, costPerHour) }),
    };
  }

  private forgetAllBut(running: readonly AgentRecord[]): void {
    const keys = new Set(running.map(keyOf));
    for (const key of this.known.keys()) if (!keys.has(key)) this.known.delete(key);
  }

  private async onTimer(): Promise<void> {
    if (this.measuring) return;
    this.measuring = true;
    try {
      await this.measure();
    } catch (error) {
      if (!isTacoError(error, 'not-leader')) this.options.log.debug('vitals', { error: errorMessage(error) });
    } finally {
      this.measuring = false;
    }
  }
}

/** A relaunched agent is measured from its start. */
function keyOf({ window, pane, startedAt }: AgentRecord): string {
  return `${window}:${pane}:${startedAt}`;
}

/** Returns the mean memory of agents that run for a minute, MB by profile. */
function measuredByProfile(
  agents: readonly AgentRecord[],
  found: readonly AgentVitals[],
  now: number,
): Readonly<Record<string, number>> {
  const sums = new Map<string, number[]>();
  for (const { window, profile, startedAt } of agents) {
    const own = found.find((each) => each.window === window);
    if (own && own.memory > 0 && now - startedAt >= GROWN_UP_MS)
      sums.set(profile, [...(sums.get(profile) ?? []), own.memory / MEGABYTE]);
  }
  return Object.fromEntries(
    [...sums].map(([profile, all]) => [profile, Math.max(1, Math.round(all.reduce((a, b) => a + b, 0) / all.length))]),
  );
}
