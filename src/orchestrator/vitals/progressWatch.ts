import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import { Progress } from '../../core/vitals/progress';
import { RepeatedCalls } from '../../core/vitals/repeatedCalls';
import type { AgentVitals } from '../../core/vitals/vitals';
import { JsonLinesTail } from '../conversations/jsonLinesTail';

export interface ProgressWatchOptions {
  readonly profile: (name: string) => Pick<AgentProfile, 'readCalls'>;
  /** Returns the lines of an agent's screen; null when it cannot be captured. */
  readonly screen: (record: AgentRecord) => Promise<readonly string[] | null>;
  /** An agent works without progress. Called once for each time. */
  readonly onStill: (record: AgentRecord, ms: number) => Promise<void>;
  /** An agent repeats a call that fails. Called once for each call. */
  readonly onRepeats: (record: AgentRecord, call: string, count: number) => Promise<void>;
  /** An agent without progress for so long is reported, milliseconds. */
  readonly stillAfterMs?: number;
}

/** Longer than any usual command or thought, milliseconds. */
const STILL_AFTER_MS = 15 * 60_000;
/** Only the screen of an agent without other signs for so long is captured, milliseconds. */
const QUIET_MS = 60_000;

interface Calls {
  readonly path: string;
  readonly tail: JsonLinesTail;
  readonly calls: RepeatedCalls;
}

/** Notices working agents that stand still or repeat a call that fails. It reports them once, and stops nothing. */
export class ProgressWatch {
  private readonly progress = new Map<number, Progress>();
  private readonly calls = new Map<number, Calls>();
  /** The last report, by window. */
  private readonly reported = new Map<number, Set<string>>();

  constructor(private readonly options: ProgressWatchOptions) {}

  onHook(window: number, { transcript }: Pick<HookData, 'transcript'>, now: number): void {
    this.progress.get(window)?.onSign(now);
    if (transcript !== undefined && this.calls.get(window)?.path !== transcript)
      this.calls.set(window, { path: transcript, tail: new JsonLinesTail(transcript), calls: new RepeatedCalls() });
  }

  /** Returns what to show of an agent's progress. `cpu`: cores since the last check. */
  async check(record: AgentRecord, cpu: number, now: number): Promise<Pick<AgentVitals, 'stillSince' | 'repeats'>> {
    const { window, status } = record;
    if (status !== 'busy') {
      this.progress.delete(window);
      this.reported.delete(window);
      return {};
    }
    const { stillAfterMs = STILL_AFTER_MS } = this.options;
    const progress = this.progress.get(window) ?? new Progress(now);
    this.progress.set(window, progress);
    progress.onCpu(cpu, now);
    const repeats = await this.repeatsOf(record);
    if (repeats)
      await this.once(window, repeats.call, () => this.options.onRepeats(record, repeats.call, repeats.count));
    if (progress.idleMs(now) >= Math.min(QUIET_MS, stillAfterMs / 2)) {
      const lines = await this.options.screen(record);
      if (lines) progress.onScreen(lines, now);
    }
    const idleMs = progress.idleMs(now);
    const isStill = idleMs >= stillAfterMs;
    if (isStill) await this.once(window, `still ${progress.since}`, () => this.options.onStill(record, idleMs));
    return { ...(isStill ? { stillSince: progress.since } : {}), ...(repeats ? { repeats } : {}) };
  }

  private async repeatsOf({ window, profile }: AgentRecord): Promise<{ call: string; count: number } | null> {
    const { readCalls } = this.options.profile(profile);
    const own = this.calls.get(window);
    if (!readCalls || !own) return null;
    await own.tail.read((line) => {
      for (const sign of readCalls(line)) own.calls.take(sign);
    });
    return own.calls.repeated;
  }

  private async once(window: number, key: string, report: () => Promise<void>): Promise<void> {
    const known = this.reported.get(window) ?? new Set();
    this.reported.set(window, known);
    if (known.has(key)) return;
    await report();
    known.add(key);
  }
}
