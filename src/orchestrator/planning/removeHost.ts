import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { hostRemoved } from '../../core/plan/prompts';
import type { PendingCommand } from '../../core/team/ports';
import { systemClock } from '../../environment/systemClock';
import { HostKeys } from '../../redis/client/keys';
import { EpochFence } from '../../redis/leadership/fence';
import { LEASE_TTL_MS, RedisLease } from '../../redis/leadership/lease';
import { RedisCommandConsumer } from '../../redis/queue/redisQueue';
import { fencedScripts } from '../../redis/scripts/scripts';
import type { Team } from '../../team/team';
import { removeFromTeam } from './teamUpdater';

const ASK_EVERY_MS = 250;
const PAGE = 100;

export interface RemoveHostOptions {
  readonly team: Team;
  readonly log: Logger;
  /** Called when an agent has left the team. */
  readonly onLeft: (record: AgentRecord) => void;
}

/**
 * Removes a host that will not come back: its agents leave the team, and their waiting messages become dead letters.
 * This runs under the host's own lease. An executor there that only slept can write nothing any more and must join
 * again. A repeated call has no further effect.
 * Throws TacoError host-there.
 */
export async function removeHost(name: string, { team, log, onLeft }: RemoveHostOptions): Promise<void> {
  const { store, redis } = team;
  const keys = new HostKeys(team.projectId, name);
  const lease = new RedisLease(redis, keys, systemClock, log);
  try {
    if (!(await isFree(lease))) throw errors.hostThere(name);
    // From here on its queue gets no entries: enqueue.lua refuses agents that are not listed.
    const fence = new EpochFence(redis, keys, () => lease.epoch);
    await fence.run(fencedScripts.write, [keys.hosts], ['HDEL', name]);
    const ended = await endWaiting(
      new RedisCommandConsumer(redis, keys, () => lease.epoch, systemClock, log),
      `its host ${name} was removed`,
    );
    const left = (await store.agents()).filter(({ host }) => host === name);
    for (const record of left) {
      await removeFromTeam(team, record, () => store.removeAgent(record.window));
      onLeft(record);
    }
    // The fence protects the messages of a host that has joined again meanwhile.
    for (const key of [keys.queue, keys.requests]) await fence.run(fencedScripts.write, [key], ['UNLINK']);
    await store.note(
      `Host ${name} was removed${ended > 0 ? `; ${ended} messages that waited for it are dead letters` : ''}`,
    );
    const session = await store.session();
    if (session && left.length > 0) {
      await store.setSession({ agent_count: (await store.agents()).filter(({ window }) => window > 0).length });
      await team.send({
        from: { kind: 'taco' },
        to: 'mother',
        text: hostRemoved(
          name,
          left.map((record) => record.name),
        ),
      });
    } else await store.publish({ kind: 'session' });
  } finally {
    if (lease.epoch !== null) await lease.release();
    lease.dispose();
  }
}

/** Returns true once the host's lease is free. A leader that was killed during a removal holds it until it expires. */
async function isFree(lease: RedisLease): Promise<boolean> {
  for (const until = systemClock.now() + LEASE_TTL_MS; ;) {
    if ((await lease.acquire()) !== null) return true;
    if (systemClock.now() > until) return false;
    await systemClock.sleep(ASK_EVERY_MS);
  }
}

/** Ends the waiting messages and returns their number. */
async function endWaiting(consumer: RedisCommandConsumer, reason: string): Promise<number> {
  const all = [...(await consumer.recover())];
  for (let found = await consumer.read(PAGE, 0); found.length > 0; found = await consumer.read(PAGE, 0))
    all.push(...found);
  for (const pending of all) await end(consumer, pending, reason);
  return all.length;
}

/** Ends one message. If its typing had begun, it may have arrived: the user has to judge that. */
async function end(consumer: RedisCommandConsumer, pending: PendingCommand, reason: string): Promise<void> {
  switch (pending.state) {
    case 'typing':
    case 'typed':
    case 'entered':
      return consumer.uncertain(pending, reason);
    case 'delivered':
      return consumer.done(pending, 'delivered');
    default:
      await consumer.fail(pending, reason, 0, true);
  }
}
