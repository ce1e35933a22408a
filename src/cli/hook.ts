/** `taco hook EVENT`: tells TACO what an agent's CLI reports, and keeps the door. Loads neither zod nor ioredis. */
import { decideAtDoor, type DoorDecision } from '../core/messages/door';
import { Keys } from '../core/keys';
import type { HookData } from '../core/ports';
import { sameTextOf } from '../profiles/sameText';
import { parseEndpoint, type RedisEndpoint } from '../redis/client/endpoint';
import { publishHook, readInflight } from '../redis/hooks';
import { connectLight } from '../redis/client/connectLight';
import type { LightRedis } from '../redis/client/lightClient';
import { hookDataOf } from './hookData';
import { readAll, write, type Io } from './io';
import { waitForAnswer } from './waitForAnswer';

/** An agent waits for its hook: a Redis that does not answer within this is away, milliseconds. */
const PATIENCE_MS = 300;
/** More than any hook writes; whatever is longer is not read to its end, bytes. */
const LONGEST_INPUT = 8 * 1024 * 1024;
/** One read of a request that waits for its person blocks for a second, milliseconds. */
const WAITING_PATIENCE_MS = 5000;
/** Ends a hook whose input never does, milliseconds. */
const LIFETIME_MS = 5000;
/** Profiles whose CLI keeps its dialog usable while the hook runs: seen on Claude Code 2.1.197 and 2.1.331. */
const WAITING_PROFILES: ReadonlySet<string> = new Set(['claude', 'scripted']);
const EVENT_NAME = /^[A-Za-z]{1,40}$/;

interface HookPlace {
  readonly endpoint: RedisEndpoint;
  readonly keys: Keys;
  readonly window: number;
  /** The written rule of this agent's CLI. */
  readonly sameText: (sent: string, got: string) => boolean;
  /** Whether this CLI shows its dialog while the hook of a permission runs, so that the hook may wait for an answer. */
  readonly waits: boolean;
}

/** Where this agent belongs, from the environment it was launched with; null outside an agent's window. */
function placeOf(env: Io['env']): HookPlace | null {
  const { TACO_PROJECT_ID: id, TACO_WINDOW: window, TACO_REDIS: redis, TACO_PROFILE: profile } = env;
  if (!id || !/^[0-9a-f]{12}$/.test(id) || !window || !/^\d{1,4}$/.test(window) || !redis) return null;
  return { endpoint: parseEndpoint(redis), keys: new Keys(id), window: Number(window), sameText: sameTextOf(profile), waits: WAITING_PROFILES.has(profile ?? '') };
}

/** What a hook that refuses a prompt prints (Claude Code's protocol). */
function blockAnswer(): string {
  const reason = 'TACO: this message was damaged on its way into the terminal; it will be typed again.';
  return JSON.stringify({ decision: 'block', reason });
}

/**
 * A CLI that takes a prompt before its model does asks in two steps: at the first a damaged text is refused and nothing is recorded, at the second,
 * when the model is given the text, nothing is refused any more. To TACO both are parts of the one event.
 */
const PROMPT_EVENTS: ReadonlySet<string> = new Set(['UserPromptSubmit', 'PromptCheck', 'PromptReached']);

/** Publishes the event; for a prompt it decides first, and the result is what to print. */
async function report(client: LightRedis, place: HookPlace, name: string, data: HookData): Promise<string> {
  const event = PROMPT_EVENTS.has(name) ? 'UserPromptSubmit' : name;
  if (event !== 'UserPromptSubmit' || data.prompt === undefined) {
    await publishHook(client, place.keys, place.window, event, data);
    return '';
  }
  const decided = decideAtDoor(await readInflight(client, place.keys, place.window), data.prompt, place.sameText);
  if (name === 'PromptCheck' && decided.kind !== 'block') return '';
  const decision: DoorDecision = name === 'PromptReached' && decided.kind === 'block' ? { kind: 'pass' } : decided;
  const seen: HookData = decision.kind === 'receipt' ? { ...data, commandId: decision.id } : decision.kind === 'block' ? { ...data, blockedId: decision.id } : data;
  const published = publishHook(client, place.keys, place.window, event, seen);
  // What was decided holds also when it could not be recorded.
  if (decision.kind === 'block') await published.catch(() => undefined);
  else await published;
  return decision.kind === 'block' ? blockAnswer() : '';
}

/**
 * Runs one hook. Always 0: whatever goes wrong, the agent carries on as if there were no hook, and a person's
 * prompt passes, also while Redis is away.
 */
export async function runHook(event: string, io: Io): Promise<number> {
  const late = setTimeout(() => process.exit(0), LIFETIME_MS).unref();
  try {
    const place = placeOf(io.env);
    if (place === null || !EVENT_NAME.test(event) || io.stdin.isTTY) return 0;
    const input = await readAll(io.stdin, LONGEST_INPUT);
    const data = input === null ? null : hookDataOf(input.toString('utf8'));
    if (data === null) return 0;
    const client = await connectLight(place.endpoint, { connectTimeoutMs: PATIENCE_MS, commandTimeoutMs: PATIENCE_MS });
    try {
      await write(io.stdout, await report(client, place, event, data));
    } finally {
      client.dispose();
    }
    if (event !== 'PermissionRequest' || !place.waits) return 0;
    clearTimeout(late);
    const connect = (): Promise<LightRedis> => connectLight(place.endpoint, { connectTimeoutMs: PATIENCE_MS, commandTimeoutMs: WAITING_PATIENCE_MS });
    await waitForAnswer({ connect, keys: place.keys, window: place.window, input: input?.toString('utf8') ?? '', say: (text) => write(io.stdout, text) });
  } catch {
    // Nothing is said: a hook's output is part of the agent's conversation.
  }
  return 0;
}
