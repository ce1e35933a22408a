import { messageOf } from '../core/errors';
import { DisposableStore, type DisposableLike } from '../core/lifecycle';
import type { AgentRecord } from '../core/models';
import type { Logger, StateStore } from '../core/ports';
import type { AgentRecords } from './agentRecords';
import { Sequence } from './sequence';

/** An event is a wake-up that can be lost: those elsewhere are also looked up this often, milliseconds. */
const LOOK_MS = 2000;

/** Keeps what is known of agents on other hosts as Redis has it: who waits for them, who is in the team. Asks nothing while there are none. */
export class Mirror implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly sequence: Sequence;
  private asked = false;

  constructor(
    private readonly store: Pick<StateStore, 'agents' | 'onEvent'>,
    private readonly agents: AgentRecords,
    log: Logger,
    /** True on a host that joined: agents come there of which nobody told it. */
    private readonly meetsAll: boolean,
    /** One of them has reported done, or has to anew: who waits for it is looked at. */
    private readonly onDone: () => void,
  ) {
    this.sequence = this.disposables.add(new Sequence((error) => log.debug('mirror', { error: messageOf(error) })));
    this.disposables.add(store.onEvent((event) => {
      if (event.kind === 'agent' && this.concerns(event.window)) this.look();
    }));
    const timer = setInterval(() => (this.meetsAll || this.others.length > 0 ? this.look() : undefined), LOOK_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get others(): readonly AgentRecord[] {
    return this.agents.all.filter((record) => !this.agents.isHere(record));
  }

  private concerns(window: number): boolean {
    const record = this.agents.get(window);
    return record ? !this.agents.isHere(record) : this.meetsAll;
  }

  /** One read for all that was told while it waited its turn. */
  private look(): void {
    if (this.asked) return;
    this.asked = true;
    this.sequence.add(async () => {
      this.asked = false;
      const known = new Map(this.others.map((record) => [record.window, record]));
      const records = (await this.store.agents()).filter((record) => !this.agents.isHere(record));
      for (const record of records) {
        const before = known.get(record.window);
        if (before ? JSON.stringify(before) !== JSON.stringify(record) : this.meetsAll) this.agents.see(record);
        if (before && before.done !== record.done) this.onDone();
      }
      const there = new Set(records.map(({ window }) => window));
      for (const window of known.keys()) if (!there.has(window)) this.agents.drop(window);
    });
  }
}
