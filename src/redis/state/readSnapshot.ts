import type * as z from 'zod';
import { type AgentRecord, agentRecordSchema } from '../../core/agents/agentRecord';
import { sumUsage } from '../../core/agents/usage';
import type { Logger } from '../../core/base/logger';
import { labelOfWindow, windowOfTarget } from '../../core/messages/address';
import { isOpenReceipt } from '../../core/messages/readingNote';
import { type PlanReview, planReviewSchema } from '../../core/plan/planReview';
import { byAge, inputRequestSchema, type InputRequest } from '../../core/requests/inputRequest';
import { type ServiceRecord, serviceRecordSchema } from '../../core/services/serviceRecord';
import { withHostAway, type HostView } from '../../core/team/hosts';
import { type SessionState, sessionStateSchema } from '../../core/team/session';
import type { ActivityLine, AgentView, Counters, MessageView, Snapshot } from '../../core/team/snapshot';
import { showUnread, unreadOf } from '../../core/team/unread';
import { vitalsOf, type AgentVitals } from '../../core/vitals/vitals';
import type { RedisConnection } from '../client/connection';
import { HostKeys, type Keys } from '../client/keys';
import { runScript, toEntries, toHash, type StreamEntry } from '../client/redisCommands';
import { toMessageView } from '../decode/messageView';
import { parseJson } from '../decode/schemas';
import { scripts } from '../scripts/scripts';
import { hostViews } from './hostStore';
import { limitsOf } from './limitStore';
import { usageEntries, type UsageEntry } from './usageStore';
import { vitalsEntries } from './vitalsStore';

const OPEN_SHOWN = 200;
/** Minimum number of entries read from each host's queue when there are many hosts. */
const OPEN_OF_HOST = 50;
const FINISHED_SHOWN = 100;
const DEAD_SHOWN = 100;
const ACTIVITY_SHOWN = 50;

/**
 * Reads everything a view needs in two round trips (four with hosts that joined). The first reads the project's own
 * keys and the lists of names, the second a hash for each name. The result is not one moment in time, but every change
 * in between also publishes an event.
 */
export async function readSnapshot(
  redis: RedisConnection,
  keys: Keys,
  now: number,
  logger: Logger,
  ended: FinishedMessageCache,
): Promise<Snapshot> {
  const [
    session,
    windows,
    names,
    depth,
    states,
    totals,
    active,
    activity,
    plan,
    leader,
    open,
    finished,
    dead,
    deadCount,
    used,
    needs,
    joined,
    limited,
    measured,
  ] = await redis.pipeline([
    ['HGETALL', keys.session],
    ['SMEMBERS', keys.agentWindows],
    ['SMEMBERS', keys.serviceNames],
    ['HGETALL', keys.depth],
    ['HGETALL', keys.states],
    ['MGET', keys.enqueuedTotal, keys.executedTotal, keys.failedTotal],
    ['GET', keys.activeAgents],
    ['XREVRANGE', keys.activity, '+', '-', 'COUNT', ACTIVITY_SHOWN],
    ['GET', keys.plan],
    ['GET', keys.lease],
    ['XRANGE', keys.queue, '-', '+', 'COUNT', OPEN_SHOWN],
    ['XREVRANGE', keys.completed, '+', '-', 'COUNT', FINISHED_SHOWN],
    ['XREVRANGE', keys.dead, '+', '-', 'COUNT', DEAD_SHOWN],
    ['XLEN', keys.dead],
    ['HGETALL', keys.usage],
    ['HGETALL', keys.inputRequests],
    ['HGETALL', keys.hosts],
    ['HGETALL', keys.limits],
    ['HGETALL', keys.vitals],
  ]);
  const agentKeys = (windows as string[]).map((window) => keys.agent(Number(window)));
  const serviceKeys = (names as string[]).map((name) => keys.service(name));
  const hosts = await hostViews(redis, keys, joined);
  const waiting = [open, ...(await openOn(redis, keys, hosts))]
    .flatMap(toEntries)
    .sort((a, b) => byStreamId(a.id, b.id))
    .slice(0, OPEN_SHOWN);
  const ids = [...new Set([...idsOf(waiting), ...idsOf(toEntries(dead)), ...idsOf(toEntries(finished))])];
  const messageKeys = ids.filter((id) => !ended.has(id)).map((id) => keys.command(id));
  const wanted = [...agentKeys, ...serviceKeys, ...messageKeys];
  const reply = wanted.length === 0 ? '[]' : String(await runScript(redis, scripts.hashes, wanted, []));
  const hashes = (JSON.parse(reply) as (Record<string, string> | null)[]).map((hash) => hash ?? {});

  const usage = usageEntries(used);
  const limits = limitsOf(limited);
  const machines = vitalsEntries(measured);
  const read = reader(logger);
  const services = hashes
    .slice(agentKeys.length, agentKeys.length + serviceKeys.length)
    .flatMap((hash) => read('service', serviceRecordSchema, hash));
  const agents = hashes.slice(0, agentKeys.length).flatMap((hash) => read('agent', agentRecordSchema, hash));
  const messages = [
    ...ended.known(ids),
    ...hashes.slice(agentKeys.length + serviceKeys.length).flatMap((hash) => toMessageView(hash) ?? []),
  ];
  ended.remember(messages);
  const unread = new Set(agents.flatMap(unreadOf));
  return {
    at: now,
    projectId: keys.projectId,
    session: toSession(toHash(session), logger),
    agents: toAgentViews(agents, services, toHash(depth), usage, (agent) => vitalsOf(agent, machines, now)),
    messages: sortMessages(messages.map((message) => showUnread(withHostAway(message, hosts), unread))),
    services: services.sort((a, b) => a.name.localeCompare(b.name)),
    counters: toCounters(toHash(states), totals as (string | null)[], active as string | null, deadCount as number),
    activity: toActivity(activity),
    plan: toPlan(plan as string | null, logger),
    needs: parseInputRequests(Object.values(toHash(needs)), logger),
    leader: toLeader(leader as string | null),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(machines.length > 0 ? { machines } : {}),
    ...(limits.length > 0 ? { limits } : {}),
    ...(usage.length > 0 ? { usage: sumUsage(usage.map((entry) => entry.usage)) } : {}),
  };
}

/**
 * Caches successfully ended messages. They do not change any more once their receipt is complete, so a view need not
 * read them again.
 */
export class FinishedMessageCache {
  private messages = new Map<string, MessageView>();

  has(id: string): boolean {
    return this.messages.has(id);
  }

  known(ids: readonly string[]): MessageView[] {
    return ids.flatMap((id) => this.messages.get(id) ?? []);
  }

  /** Caches the ended messages of a whole snapshot and removes all others. */
  remember(messages: readonly MessageView[]): void {
    const ended = messages.filter(
      ({ state, endedAt, reason }) =>
        endedAt !== undefined && (state === 'received' || state === 'delivered') && !isOpenReceipt(reason),
    );
    this.messages = new Map(ended.map((message) => [message.id, message]));
  }
}

/** Returns a function that reads hashes by a schema; it reports and omits a hash that does not match. */
export function reader(logger: Logger): <T>(kind: string, schema: z.ZodType<T>, hash: Record<string, string>) => T[] {
  return (kind, schema, hash) => {
    if (Object.keys(hash).length === 0) return []; // removed between the two round trips
    const result = schema.safeParse(hash);
    if (result.success) return [result.data];
    logger.warn('state.invalid', {
      kind,
      problem: result.error.issues.map((issue) => issue.path.join('.')).join(', '),
    });
    return [];
  };
}

export function toSession(hash: Record<string, string>, logger: Logger): SessionState | null {
  return reader(logger)('session', sessionStateSchema, hash)[0] ?? null;
}

export function toPlan(text: string | null, logger: Logger): PlanReview | null {
  if (text === null) return null;
  const review = parseJson(planReviewSchema, text);
  if (!review) logger.warn('state.invalid', { kind: 'plan' });
  return review;
}

/** Returns the open input requests, oldest first. Reports and omits invalid ones, because any agent may write there. */
export function parseInputRequests(texts: readonly string[], logger: Logger): readonly InputRequest[] {
  const needs = texts.flatMap((text) => {
    const request = parseJson(inputRequestSchema, text);
    if (!request) logger.warn('state.invalid', { kind: 'need' });
    return request ?? [];
  });
  return needs.sort(byAge);
}

function toAgentViews(
  agents: readonly AgentRecord[],
  services: readonly ServiceRecord[],
  depth: Record<string, string>,
  usage: readonly UsageEntry[],
  vitals: (agent: AgentRecord) => AgentVitals | undefined,
): AgentView[] {
  const waiting = new Map<number, number>();
  for (const [target, count] of Object.entries(depth)) {
    const window = windowOfTarget(target);
    if (window !== null) waiting.set(window, (waiting.get(window) ?? 0) + Number(count));
  }
  return agents
    .map((agent) => ({
      ...agent,
      waiting: waiting.get(agent.window) ?? 0,
      services: services
        .filter(({ owner }) => owner === labelOfWindow(agent.window) || owner === agent.name)
        .map(({ name }) => name),
      ...usageOf(agent, usage),
      ...vitalsPart(vitals(agent)),
    }))
    .sort((a, b) => a.window - b.window);
}

/** Sums all conversations of an agent, without those of another agent that used the window earlier. */
function usageOf({ window, name }: AgentRecord, usage: readonly UsageEntry[]): Pick<AgentView, 'usage' | 'context'> {
  const own = usage.filter((entry) => entry.window === window && entry.name === name);
  if (own.length === 0) return {};
  const latest = own.reduce((newest, entry) => (entry.at > newest.at ? entry : newest));
  const { context } = latest;
  return { usage: sumUsage(own.map((entry) => entry.usage)), ...(context === undefined ? {} : { context }) };
}

function vitalsPart(vitals: AgentVitals | undefined): Pick<AgentView, 'vitals'> {
  return vitals ? { vitals } : {};
}

// Unfinished messages come first, oldest first; then the finished ones, newest first.
function sortMessages(messages: readonly MessageView[]): MessageView[] {
  const finished = messages.filter(({ endedAt }) => endedAt !== undefined).sort((a, b) => b.since - a.since);
  const open = messages
    .filter(({ endedAt }) => endedAt === undefined)
    .sort((a, b) => a.enqueuedAt - b.enqueuedAt || a.id.localeCompare(b.id));
  return [...open, ...finished];
}

function toCounters(
  states: Record<string, string>,
  totals: readonly (string | null)[],
  active: string | null,
  dead: number,
): Counters {
  const [enqueued, executed, failed] = totals.map(Number);
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + Number(states[name] ?? 0), 0);
  return {
    pending: of('queued'),
    processing: of('held', 'typing', 'typed', 'entered', 'delivered', 'retrying'),
    held: of('held'),
    dead,
    enqueued: enqueued ?? 0,
    executed: executed ?? 0,
    failed: failed ?? 0,
    activeAgents: Number(active),
  };
}

function toActivity(reply: unknown): ActivityLine[] {
  return toEntries(reply).map(({ fields }) => ({ at: Number(fields?.['at'] ?? 0), text: fields?.['text'] ?? '' }));
}

function toLeader(text: string | null): string | null {
  try {
    const holder: unknown = JSON.parse(text ?? 'null');
    if (typeof holder !== 'object' || holder === null || !('host' in holder) || !('pid' in holder)) return null;
    return `${String(holder.host)}:${String(holder.pid)}`;
  } catch {
    return null;
  }
}

function idsOf(entries: readonly StreamEntry[]): string[] {
  return entries.flatMap(({ fields }) => fields?.['id'] || []);
}

/** Compares the times at which Redis added the entries, across streams. */
function byStreamId(a: string, b: string): number {
  const [aMs = 0, aN = 0] = a.split('-').map(Number);
  const [bMs = 0, bN = 0] = b.split('-').map(Number);
  return aMs - bMs || aN - bN;
}

/**
 * Reads the open entries of the hosts' queues. Each host gets a share of the limit, so that many hosts add little to a
 * view.
 */
async function openOn(redis: RedisConnection, keys: Keys, hosts: readonly HostView[]): Promise<readonly unknown[]> {
  if (hosts.length === 0) return [];
  const share = Math.max(OPEN_OF_HOST, Math.ceil(OPEN_SHOWN / hosts.length));
  return redis.pipeline(
    hosts.map(({ name }) => ['XRANGE', new HostKeys(keys.projectId, name).queue, '-', '+', 'COUNT', share] as const),
  );
}
