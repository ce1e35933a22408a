import type { AgentRecord } from '../../../core/agents/agentRecord';
import { withDone } from '../../../core/agents/agentState';
import type { AgentPatch, HostRequest } from '../../../core/team/hosts';

interface PendingPatch {
  readonly host: string;
  readonly window: number;
  readonly patch: AgentPatch;
  isPosted: boolean;
}

/**
 * The leader's changes to agents of other hosts, until those hosts have carried them out. A record that was read
 * before then does not show them; without them the leader would take back its own change.
 */
export class PendingPatches {
  private entries: readonly PendingPatch[] = [];

  /** @param waiting returns the requests that a host has not acknowledged */
  constructor(private readonly waiting: (host: string) => Promise<readonly HostRequest[]>) {}

  /** Adds a change and posts it. After an error it is forgotten. */
  async add(host: string, window: number, patch: AgentPatch, post: () => Promise<void>): Promise<void> {
    const entry: PendingPatch = { host, window, patch, isPosted: false };
    this.entries = [...this.entries, entry];
    try {
      await post();
      entry.isPosted = true;
    } catch (error) {
      this.entries = this.entries.filter((each) => each !== entry);
      throw error;
    }
  }

  /** Forgets what the hosts have carried out. Records that are read afterwards show it. */
  async settle(): Promise<void> {
    const posted = this.entries.filter(({ isPosted }) => isPosted);
    for (const host of new Set(posted.map((entry) => entry.host))) {
      const waiting = (await this.waiting(host)).filter(({ kind }) => kind === 'patch');
      const isSettled = (entry: PendingPatch): boolean =>
        entry.host === host &&
        posted.includes(entry) &&
        !waiting.some((request) => request.kind === 'patch' && request.window === entry.window);
      this.entries = this.entries.filter((entry) => !isSettled(entry));
    }
  }

  /** Returns a record with the changes that its host has not carried out. */
  apply(record: AgentRecord): AgentRecord {
    const patches = this.entries.filter(({ host, window }) => host === record.host && window === record.window);
    if (patches.length === 0) return record;
    const changed = patches.reduce<AgentRecord>((before, { patch }) => ({ ...before, ...patch }), record);
    return { ...changed, status: withDone(changed.status, changed.done) };
  }
}
