import { agentStateSchema } from '../../core/agents/agentState';
import {
  MAX_AGENT_STEPS,
  MAX_FINISHED,
  type AgentStep,
  type FinishedMessage,
  type HistoryPage,
} from '../../core/team/history';
import type { MessageView } from '../../core/team/snapshot';
import type { RedisConnection } from '../client/connection';
import type { Keys } from '../client/keys';
import { runScript, toEntries, type StreamEntry } from '../client/redisCommands';
import { toMessageView } from '../decode/messageView';
import { messageStateSchema } from '../decode/schemas';
import { scripts } from '../scripts/scripts';

/** Ledgers per reply; limited because a script blocks all other clients while it runs. */
const LEDGERS_AT_ONCE = 200;

/** Reads the history page by page. Each reader has its own position. */
export class HistoryReader {
  private finishedAfter = '';
  private stepsAfter = '';

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
  ) {}

  /** Returns the whole stored history at the first call, then only new entries. Calls must not overlap. */
  async next(): Promise<HistoryPage> {
    const [finished, steps] = await this.redis.pipeline([
      range(this.keys.completed, this.finishedAfter, MAX_FINISHED),
      range(this.keys.agentHistory, this.stepsAfter, MAX_AGENT_STEPS),
    ]);
    const [ends, changes] = [inOrder(finished, this.finishedAfter), inOrder(steps, this.stepsAfter)];
    this.finishedAfter = ends.at(-1)?.id ?? this.finishedAfter;
    this.stepsAfter = changes.at(-1)?.id ?? this.stepsAfter;
    return { finished: ends.flatMap(toFinished), steps: changes.flatMap(toStep) };
  }
}

/** Returns the ledgers of these messages in this order; omits expired ones. */
export async function readMessages(redis: RedisConnection, keys: Keys, ids: readonly string[]): Promise<MessageView[]> {
  const found: MessageView[] = [];
  for (let from = 0; from < ids.length; from += LEDGERS_AT_ONCE) {
    const part = ids.slice(from, from + LEDGERS_AT_ONCE).map((id) => keys.command(id));
    const hashes = JSON.parse(String(await runScript(redis, scripts.hashes, part, []))) as (Record<
      string,
      string
    > | null)[];
    found.push(...hashes.flatMap((hash) => toMessageView(hash ?? {}) ?? []));
  }
  return found;
}

/** Requests the newest entries first (in reverse order), later all entries after the last one. */
function range(key: string, after: string, count: number): readonly [string, ...(string | number)[]] {
  return after === ''
    ? ['XREVRANGE', key, '+', '-', 'COUNT', count]
    : ['XRANGE', key, `(${after}`, '+', 'COUNT', count];
}

function inOrder(reply: unknown, after: string): StreamEntry[] {
  return after === '' ? toEntries(reply).reverse() : toEntries(reply);
}

function toFinished({ fields }: StreamEntry): FinishedMessage[] {
  const state = messageStateSchema.safeParse(fields?.['state']).data;
  const at = Number(fields?.['at']);
  if (!fields || !state || !Number.isFinite(at)) return [];
  return [
    {
      id: fields['id'] ?? '',
      state,
      sender: fields['sender'] ?? '',
      target: fields['target'] ?? '',
      enqueuedAt: Number(fields['enqueuedAt']) || at,
      at,
    },
  ];
}

/** Converts an entry; its id contains the time. */
function toStep({ id, fields }: StreamEntry): AgentStep[] {
  const status = agentStateSchema.safeParse(fields?.['status']).data;
  const window = Number(fields?.['window']);
  return status && Number.isInteger(window) ? [{ window, status, at: Number.parseInt(id, 10) }] : [];
}
