import { randomUUID } from 'node:crypto';
import type { AgentRecord } from '../../../core/agents/agentRecord';
import type { Clock } from '../../../core/base/clock';
import { errors } from '../../../core/errors/errors';
import type { AgentPatch, HostRequest, LaunchRequest } from '../../../core/team/hosts';
import type { StateStore } from '../../../core/team/ports';
import type { HostStore } from '../../../redis/state/hostStore';
import { PendingPatches } from './pendingPatches';

/** A launch that a host has not begun within this is undone, milliseconds. */
const LAUNCH_MS = 30_000;
const POLL_INTERVAL_MS = 50;
/**
 * A host counts as unreachable after this, milliseconds. Another executor takes over a dead one's lease before that.
 */
const AWAY_MS = 8000;

/**
 * The leader's operations on agents whose panes another host has, through that host's request stream. Only the leader
 * may request anything: on a joined host every operation throws TacoError not-leader.
 */
export class RemoteAgents {
  /** Changes that their hosts have not carried out. */
  readonly pending = new PendingPatches(async (host) =>
    (await this.hosts.requests(host).read()).map(({ request }) => request),
  );

  constructor(
    /** null on a joined host. */
    private readonly hostStore: HostStore | null,
    private readonly store: Pick<StateStore, 'agent'>,
    private readonly clock: Clock,
    /** Returns true while the preparation of workspaces is cancelled. */
    private readonly isCancelled: () => boolean,
  ) {}

  /** Resolves once the agent's process runs on that host. Throws TacoError launch-failed. */
  async launch(host: string, order: LaunchRequest): Promise<AgentRecord> {
    const { window, name } = order;
    const requests = this.hosts.requests(host);
    const launch = order.launch ?? randomUUID();
    await requests.post({ kind: 'launch', order: { ...order, launch } });
    const until = this.clock.now() + LAUNCH_MS;
    for (;;) {
      const pending = (await requests.read()).find(
        ({ request }) => request.kind === 'launch' && request.order.launch === launch,
      );
      if (!pending) break;
      const isCancelled = this.isCancelled();
      const isLate = this.clock.now() > until && (await this.store.agent(window))?.launch !== launch;
      if (isCancelled || isLate || (await this.isAway(host))) {
        await requests.acknowledge(pending.id);
        // The host ends a stopped session by itself; the next leader's launch must not be removed.
        if (isCancelled) throw errors.cancelled(`The launch of ${name}`);
        // The host may have been carrying it out at this moment.
        if (order.earlier === null) await this.remove(host, window);
        throw errors.launchFailed(name, `its host ${host} does not answer`);
      }
      await this.clock.sleep(POLL_INTERVAL_MS);
    }
    const record = await this.store.agent(window);
    if (record?.launch !== launch || record.status === 'failed')
      throw errors.launchFailed(name, record?.activity || `its host ${host} could not say why`);
    return record;
  }

  /** Takes effect once the host is connected, as `remove` and `patch` do. */
  async stop(host: string, window: number): Promise<void> {
    await this.post(host, { kind: 'stop', window });
  }

  async remove(host: string, window: number): Promise<void> {
    await this.post(host, { kind: 'remove', window });
  }

  async patch(host: string, window: number, patch: AgentPatch): Promise<void> {
    await this.pending.add(host, window, patch, () => this.post(host, { kind: 'patch', window, patch }));
  }

  private get hosts(): HostStore {
    if (!this.hostStore) throw errors.notLeader();
    return this.hostStore;
  }

  private async post(host: string, request: HostRequest): Promise<void> {
    await this.hosts.requests(host).post(request);
  }

  private async isAway(host: string): Promise<boolean> {
    const found = (await this.hosts.list()).find(({ name }) => name === host);
    return found === undefined || (found.awaySince !== null && this.clock.now() - found.awaySince > AWAY_MS);
  }
}
