/** `taco hook EVENT`: reports an agent CLI's hook to TACO and runs the prompt check. Loads neither zod nor ioredis. */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import type { HookData, HookReport } from '../../core/agents/hookData';
import { TacoPaths } from '../../core/programs/paths';
import { verifyPrompt } from '../../orchestrator/agents/verifyPrompt';
import { connectLight } from '../../redis/client/connectLight';
import { parseEndpoint, type RedisEndpoint } from '../../redis/client/endpoint';
import { Keys } from '../../redis/client/keys';
import type { LightRedis } from '../../redis/client/lightClient';
import { HookSpool } from '../../redis/offline/hookSpool';
import { publishHook } from '../../redis/queue/hookReports';
import { ancestorsOf } from '../../tmux/session/processTable';
import { readAll, write, type Io } from '../runtime/io';
import { parseHookPayload } from './hookPayload';
import { waitForAnswer } from './permissionHook';
import { answerByRule, RULED_PROFILES } from './ruleAnswer';

/**
 * A Redis that does not answer within this is unreachable, milliseconds: an agent waits for its hook. A machine that
 * started the hook slowly answers slowly too, so there the limit is this many times the time of the start.
 */
const PATIENCE_MS = 300;
const PATIENCE_PER_START = 4;
const MAX_PATIENCE_MS = 2000;
/** Larger than any hook's input; a longer one is not read to its end, bytes. */
const MAX_INPUT_BYTES = 8 * 1024 * 1024;
/** Redis timeout while a request waits for the user, milliseconds; one blocking read takes a second. */
const WAITING_PATIENCE_MS = 5000;
/** Ends a hook whose input never ends, milliseconds. */
const LIFETIME_MS = 5000;
/** Profiles whose CLI keeps its dialog usable while the hook runs: observed on Claude Code 2.1.197 and 2.1.331. */
const WAITING_PROFILES: ReadonlySet<string> = new Set(['claude', 'scripted']);
const EVENT_NAME = /^[A-Za-z]{1,40}$/;

/** Returns the time limit for Redis; a start takes 30 to 60 ms on a quiet machine. @param startMs time of the start */
export function patienceFor(startMs: number): number {
  return Math.min(MAX_PATIENCE_MS, Math.max(PATIENCE_MS, PATIENCE_PER_START * startMs));
}

interface HookPlace {
  readonly endpoint: RedisEndpoint;
  readonly keys: Keys;
  readonly window: number;
  readonly profile: string;
  readonly spool: HookSpool;
  readonly rulesFile: string;
  /** Time limit for Redis, milliseconds. */
  readonly patienceMs: number;
}

/** Returns this agent's place from the environment of its launch; null outside an agent's window. */
function placeOf(env: Io['env'], patienceMs: number): HookPlace | null {
  const { TACO_PROJECT_ID: id, TACO_WINDOW: window, TACO_REDIS: redis, TACO_PROFILE: profile = '' } = env;
  if (!id || !/^[0-9a-f]{12}$/.test(id) || !window || !/^\d{1,4}$/.test(window) || !redis) return null;
  const paths = new TacoPaths(env, homedir());
  const spool = new HookSpool(paths.hooksDir(id));
  return {
    endpoint: parseEndpoint(redis),
    keys: new Keys(id),
    window: Number(window),
    profile,
    spool,
    rulesFile: paths.rulesFile(id),
    patienceMs,
  };
}

/** Returns the output of a hook that refuses a prompt (Claude Code's protocol). */
function blockDecision(): string {
  const reason = 'TACO: this message was damaged on its way into the terminal; it will be typed again.';
  return JSON.stringify({ decision: 'block', reason });
}

/**
 * Some CLIs have two steps per prompt. In the first a damaged text is refused and nothing is recorded. In the second,
 * when the model gets the text, nothing is refused any more. TACO treats both as parts of one event.
 */
const PROMPT_STEPS: ReadonlySet<string> = new Set(['PromptCheck', 'PromptReached']);

/**
 * Creates the report with the call id under which the shell hook may have reported it already
 * (orchestrator/agents/shim.ts), or a new one.
 */
function createHookReport(name: string, data: HookData, { profile }: HookPlace, call: string | undefined): HookReport {
  return {
    id: call && /^[\w.]{1,60}$/.test(call) ? call : randomUUID(),
    event: PROMPT_STEPS.has(name) ? 'UserPromptSubmit' : name,
    data,
    profile,
    at: Date.now(),
  };
}

/** Returns the processes above the hook: from the shell hook, otherwise from the machine, if a conversation starts. */
async function parentsOf(event: string, env: Io['env']): Promise<string> {
  const known = env['TACO_HOOK_PARENTS'] ?? '';
  if (/^\d[\d ]{0,399}$/.test(known)) return known;
  return event === 'SessionStart' ? (await ancestorsOf(process.ppid)).join(' ') : '';
}

/**
 * Publishes the report, or spools it when Redis is unreachable or earlier reports are still spooled. Returns the text
 * to print.
 */
async function report(place: HookPlace, name: string, said: HookReport, again: boolean): Promise<string> {
  const { endpoint, keys, window, spool, patienceMs } = place;
  let seen = said;
  try {
    const client = await connectLight(endpoint, { connectTimeoutMs: patienceMs, commandTimeoutMs: patienceMs });
    try {
      seen = await verifyPrompt(client, keys, window, said, name !== 'PromptReached');
      const refuses = seen.data.blockedId !== undefined;
      if (name === 'PromptCheck' && !refuses) return '';
      // A refusal is published at once: the CLI waits for it, and the order of events does not include refusals.
      if (!refuses && (await spool.holds(window))) await spool.put(window, seen);
      else await publishHook(client, keys, window, seen, again);
    } finally {
      client.dispose();
    }
  } catch {
    // Redis is unreachable. If the disk also fails, the report is lost, as if there were no hook.
    if (name !== 'PromptCheck' || seen.data.blockedId !== undefined)
      await spool.put(window, seen).catch(() => undefined);
  }
  // The decision holds although it could not be published yet.
  return seen.data.blockedId === undefined ? '' : blockDecision();
}

/** Answers a permission request by a rule of the user; without one, or without Redis, the user is asked. */
async function isRuled(
  { endpoint, keys, window, profile, rulesFile, patienceMs }: HookPlace,
  input: string,
  io: Io,
): Promise<boolean> {
  if (!RULED_PROFILES.has(profile)) return false;
  const options = { connectTimeoutMs: patienceMs, commandTimeoutMs: patienceMs };
  return answerByRule({
    connect: () => connectLight(endpoint, options),
    keys,
    window,
    input,
    rulesFile,
    say: (text) => write(io.stdout, text),
  }).catch(() => false);
}

/**
 * Runs one hook. Always returns 0: after any error the agent continues as if there were no hook. A user's prompt
 * passes, also while Redis is unreachable.
 */
export async function runHook(event: string, io: Io): Promise<number> {
  const late = setTimeout(() => process.exit(0), LIFETIME_MS).unref();
  try {
    const place = placeOf(io.env, patienceFor(performance.now()));
    if (place === null || !EVENT_NAME.test(event) || io.stdin.isTTY) return 0;
    const input = await readAll(io.stdin, MAX_INPUT_BYTES);
    const data = input === null ? null : parseHookPayload(input.toString('utf8'));
    if (data === null) return 0;
    if (event === 'PermissionRequest' && (await isRuled(place, input?.toString('utf8') ?? '', io))) return 0;
    const call = io.env['TACO_HOOK_CALL'];
    const parents = await parentsOf(event, io.env);
    const said = createHookReport(event, { ...data, ...(parents === '' ? {} : { parents }) }, place, call);
    await write(io.stdout, await report(place, event, said, call !== undefined));
    if (event !== 'PermissionRequest' || !WAITING_PROFILES.has(place.profile)) return 0;
    clearTimeout(late);
    const connect = (): Promise<LightRedis> =>
      connectLight(place.endpoint, { connectTimeoutMs: place.patienceMs, commandTimeoutMs: WAITING_PATIENCE_MS });
    await waitForAnswer({
      connect,
      keys: place.keys,
      window: place.window,
      input: input?.toString('utf8') ?? '',
      say: (text) => write(io.stdout, text),
    });
  } catch {
    // Nothing is printed: a hook's output is part of the agent's conversation.
  }
  return 0;
}
