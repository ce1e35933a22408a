import type { HookReport } from '../../core/agents/hookData';
import type { MonitorEvent } from '../../core/team/monitorEvent';
import type { Keys } from '../client/keys';
import { runScript, toHash, type RedisCaller } from '../client/redisCommands';
import { lightScripts } from '../scripts/lightScripts';

/** Progress of the text in flight: the executor's phases, or `received` or `refused` after the prompt check. */
type InflightPhase = 'typing' | 'typed' | 'entered' | 'received' | 'refused';

/** The text in flight to a window, for the prompt check. */
export interface InFlightMessage {
  readonly id: string;
  readonly text: string;
  readonly phase: InflightPhase;
  /** Time of the prompt check, milliseconds; 0 before it. */
  readonly promptAt: number;
  /** Time at which its typing began, milliseconds; 0: unknown. */
  readonly typedAt: number;
  /** Text of another message that the CLI keeps in its own queue; empty: none. */
  readonly queued: string;
  /** File of the conversation that the prompt check named; empty before it. */
  readonly transcript: string;
}

/** Number of stored hook reports, for a leader that missed the event. */
export const MAX_HOOK_REPORTS = 100;

/** Returns the text in flight to a window; null when there is none. */
export async function readInflight(redis: RedisCaller, keys: Keys, window: number): Promise<InFlightMessage | null> {
  const hash = toHash(await redis.call('HGETALL', keys.inflight(window)));
  if (!hash['id']) return null;
  return {
    id: hash['id'],
    text: hash['text'] ?? '',
    phase: (hash['phase'] ?? 'typing') as InflightPhase,
    promptAt: Number(hash['promptAt'] ?? 0),
    typedAt: Number(hash['typedAt'] ?? 0),
    queued: hash['queued'] ?? '',
    transcript: hash['transcript'] ?? '',
  };
}

/**
 * Publishes and stores a hook report. `data.commandId` names the text in flight that the prompt check recognised;
 * `data.blockedId` names one that it refused as damaged. The same step writes either result into the in-flight record.
 * Returns true when it wrote a receipt.
 * @param again the report may have been published already; in that case it is not published a second time
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
      MAX_HOOK_REPORTS,
      id,
      again ? '1' : '',
      data.transcript ?? '',
    ],
  );
  return answer === 'receipt';
}
