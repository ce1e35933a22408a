import type { HookData, MonitorEvent } from '../../core/team/ports';
import type { Keys } from '../client/keys';
import { runScript, toHash, type RedisCaller } from '../client/redisCommands';
import { lightScripts } from '../scripts/lightScripts';

/** How far the text in flight is: as the executor's phases; `received` or `refused` once the door saw it. */
export type InflightPhase = 'typing' | 'typed' | 'entered' | 'received' | 'refused';

/** The text that is on its way into a window, for the door. */
export interface InFlightMessage {
  readonly id: string;
  readonly text: string;
  readonly phase: InflightPhase;
  /** When the door saw it, milliseconds; 0 while it has not. */
  readonly promptAt: number;
}

/** Hook reports that are kept for a leader that missed the event. */
export const HOOKS_KEPT = 100;

/** The text in flight to a window; null when none is. */
export async function readInflight(redis: RedisCaller, keys: Keys, window: number): Promise<InFlightMessage | null> {
  const hash = toHash(await redis.call('HGETALL', keys.inflight(window)));
  if (!hash['id']) return null;
  return {
    id: hash['id'],
    text: hash['text'] ?? '',
    phase: (hash['phase'] ?? 'typing') as InflightPhase,
    promptAt: Number(hash['promptAt'] ?? 0),
  };
}

/** What an agent's hook said. */
export interface HookReport {
  /** Of this one call: told twice, it is one. */
  readonly id: string;
  readonly event: string;
  readonly data: HookData;
  /** The agent CLI's profile, by whose rule a prompt is compared. */
  readonly profile: string;
  /** When it was said, milliseconds. */
  readonly at: number;
}

/**
 * Tells what an agent's hook reported, and keeps it. With `data.commandId` (the door recognised exactly the text in
 * flight) or `data.blockedId` (the door refused it as damaged) that is written into the in-flight record in the same
 * step. True when a receipt was.
 * @param again it may have been told already, and nobody knows: then it is not told once more
 */
export async function publishHook(
  redis: RedisCaller,
  keys: Keys,
  window: number,
  { id, event, data, at }: HookReport,
  again = false,
): Promise<boolean> {
  const message: MonitorEvent = { kind: 'hook', window, event, data };
  const answer = await runScript(
    redis,
    lightScripts.hook,
    [keys.hooks, keys.inflight(window)],
    [
      JSON.stringify(message),
      data.commandId ?? data.blockedId ?? '',
      data.commandId === undefined ? 'refused' : 'received',
      at,
      keys.events,
      HOOKS_KEPT,
      id,
      again ? '1' : '',
    ],
  );
  return answer === 'receipt';
}
