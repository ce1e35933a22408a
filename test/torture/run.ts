import { isKept, type Account } from './account';
import { FAULTS, type Done, type Fault } from './faults';
import { Torture, type TortureOptions } from './torture';

export interface FaultResult {
  readonly fault: string;
  readonly title: string;
  readonly promise: string;
  readonly measures: string;
  readonly done: Done;
  readonly counts: Account;
  readonly kept: boolean;
}

export interface TortureResult {
  readonly at: string;
  readonly minutes: number;
  readonly agents: number;
  readonly seed: number;
  readonly faults: readonly FaultResult[];
  /** Sends that were refused and said so. */
  readonly refused: number;
  /** Dialogs that our keys answered. */
  readonly violations: number;
  /** What ended of itself among the leading processes. */
  readonly quit: readonly string[];
}

/** Does each fault for its share of the time while messages flow, and counts what the agents received. */
export async function torture(options: TortureOptions & { readonly minutes: number; readonly faults?: readonly string[]; readonly say: (line: string) => void }): Promise<TortureResult> {
  const run = new Torture(options);
  try {
    await run.start();
    const faults = FAULTS.filter(({ name }) => options.faults?.includes(name) ?? true);
    const shares = faults.reduce((sum, { share }) => sum + share, 0);
    const done = new Map<string, Done>();
    for (const fault of faults) {
      const began = Date.now();
      run.fire(fault.name);
      done.set(fault.name, await fault.run(run, began + (options.minutes * 60_000 * fault.share) / shares));
      await run.rest();
      options.say(`${fault.name}: ${done.get(fault.name)?.times} times, drained after ${Math.round((Date.now() - began) / 1000)} s`);
    }
    const accounts = await run.account();
    return {
      at: new Date().toISOString(), minutes: options.minutes, agents: options.agents, seed: options.seed,
      faults: faults.map((fault) => resultOf(fault, done, accounts)),
      refused: run.refused, violations: run.violations(), quit: run.leaders.quit,
    };
  } finally {
    await run.dispose();
  }
}

function resultOf({ name, title, promise, measures }: Fault, done: ReadonlyMap<string, Done>, accounts: ReadonlyMap<string, Account>): FaultResult {
  const none: Account = { acknowledged: 0, received: 0, lost: [], doubled: [], outOfOrder: [], damaged: [], uncertain: [], dead: [], cutShort: [] };
  const counts = accounts.get(name) ?? none;
  const mayBeUncertain = name === 'agent' || name === 'tmux';
  return {
    fault: name, title, promise, measures, counts, done: done.get(name) ?? { times: 0, worstMs: 0 },
    kept: isKept(counts) && (mayBeUncertain || counts.uncertain.length + counts.cutShort.length === 0),
  };
}
