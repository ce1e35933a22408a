import { holds, newAccount, type Account } from './checkInvariants';
import { FAULTS, type Done, type Fault, type Over } from './faults';
import { StressRun, type StressOptions } from './stressRun';

interface FaultResult {
  readonly fault: string;
  readonly title: string;
  readonly promise: string;
  readonly measures: string;
  readonly done: Done;
  readonly counts: Account;
  readonly passed: boolean;
}

export interface StressResult {
  readonly at: string;
  readonly minutes: number;
  readonly agents: number;
  readonly seed: number;
  readonly faults: readonly FaultResult[];
  /** Sends that were refused with an error. */
  readonly refused: number;
  /** Dialogs that TACO's keys answered. */
  readonly violations: number;
  /** Leading processes that ended unexpectedly. */
  readonly quit: readonly string[];
}

export interface RunOptions extends StressOptions {
  /** Duration; `full`: until each fault has the count of `Fault.full`. */
  readonly minutes: number | 'full';
  readonly faults?: readonly string[];
  readonly say: (line: string) => void;
}

/**
 * Causes each fault for its share of the time during message traffic, and counts the prompts that the agents received.
 */
export async function runStress(options: RunOptions): Promise<StressResult> {
  const beginning = Date.now();
  const run = new StressRun(options);
  try {
    await run.start();
    const faults = FAULTS.filter(({ name }) => options.faults?.includes(name) ?? true);
    const shares = faults.reduce((sum, { share }) => sum + share, 0);
    const done = new Map<string, Done>();
    for (const fault of faults) {
      const began = Date.now();
      run.fire(fault.name);
      done.set(fault.name, await fault.run(run, overFor(options.minutes, fault, shares, run)));
      await run.rest();
      options.say(
        `${fault.name}: ${done.get(fault.name)?.times} times, drained after ${Math.round((Date.now() - began) / 1000)} s`,
      );
    }
    const accounts = await run.account();
    return {
      at: new Date().toISOString(),
      minutes: Math.round((Date.now() - beginning) / 6000) / 10,
      agents: options.agents,
      seed: options.seed,
      faults: faults.map((fault) => resultOf(fault, done, accounts)),
      refused: run.refused,
      violations: run.violations(),
      quit: run.leaders.quit,
    };
  } finally {
    await run.dispose();
  }
}

function resultOf(
  { name, title, promise, measures }: Fault,
  done: ReadonlyMap<string, Done>,
  accounts: ReadonlyMap<string, Account>,
): FaultResult {
  const counts = accounts.get(name) ?? newAccount();
  return {
    fault: name,
    title,
    promise,
    measures,
    counts,
    done: done.get(name) ?? { times: 0, worstMs: 0 },
    passed: holds(counts),
  };
}

function overFor(minutes: number | 'full', { share, full }: Fault, shares: number, run: StressRun): Over {
  const began = Date.now();
  if (minutes !== 'full') return () => Date.now() - began >= (minutes * 60_000 * share) / shares;
  const before = run.acknowledged;
  return (times) =>
    times >= full.times &&
    run.acknowledged - before >= (full.messages ?? 0) &&
    Date.now() - began >= (full.minutes ?? 0) * 60_000;
}
