import { createHash, randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { DisposableStore, type EventLike } from '../core/base/disposable';
import type { Logger } from '../core/base/logger';
import { errors } from '../core/errors/errors';
import { errorMessage } from '../core/errors/tacoError';
import type { Sender, SendInput } from '../core/messages/newCommand';
import type { Roster } from '../core/messages/recipients';
import type { PlanReview } from '../core/plan/planReview';
import type { TacoPaths } from '../core/programs/paths';
import { writeFileAtomic } from '../core/programs/writeFileAtomic';
import type { InputResponse } from '../core/requests/inputRequest';
import { checkRequest, requestKindOf, type RequestKind } from '../core/team/checkRequest';
import type { ControlRequest } from '../core/team/controlRequest';
import type { MonitorEvent } from '../core/team/monitorEvent';
import type { SessionState } from '../core/team/session';
import type { MessageView, Snapshot } from '../core/team/snapshot';
import type { SentMessage, TeamClient } from '../core/team/teamClient';
import { teamPhaseOf } from '../core/team/teamPhase';
import { secureHome } from '../environment/prerequisites/homeSafety';
import { systemClock } from '../environment/systemClock';
import { RedisConnection } from '../redis/client/connection';
import { endpointUrl, parseEndpoint, socketEndpoint, type RedisEndpoint } from '../redis/client/endpoint';
import { Keys, projectIdOf } from '../redis/client/keys';
import type { EpochFence } from '../redis/leadership/fence';
import { CommandSpool } from '../redis/offline/commandSpool';
import { RosterCache } from '../redis/offline/rosterCache';
import { RedisCommandProducer } from '../redis/queue/commandProducer';
import { DeadLetters } from '../redis/queue/deadLetters';
import { HistoryReader, readMessages } from '../redis/queue/historyReader';
import { ensureRedis } from '../redis/server/redisServer';
import { RedisNotificationClaims } from '../redis/state/notificationClaims';
import { PortAllocator } from '../redis/state/portAllocator';
import { RedisStateStore } from '../redis/state/stateStore';
import { TeamEvents } from './connection/teamEvents';
import { WriteTrouble } from './connection/writeTrouble';
import { sendMessages } from './messages/sendMessages';
import { waitForMessage } from './messages/waitForMessage';
import { answerRequest } from './requests/answerRequest';
import { Approvals } from './work/approvals';
import { ApprovedChecks } from './work/approvedChecks';

/** Options by which front ends (VS Code, `taco`) open a project. */
export interface OpenTeamOptions {
  /** Any folder; its real path identifies the project. */
  readonly projectDir: string;
  readonly paths: TacoPaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Redis URL that the user set (may hold a password: never logged); undefined: TACO's own Redis. */
  readonly redisUrl: string | undefined;
  /** False: only connect, never start TACO's own Redis (short-lived commands). */
  readonly startRedis: boolean;
  readonly logger: Logger;
}

const CONNECT_MS = 3000;
/** Interval at which the state of an awaited message is read, milliseconds: an event may have been missed. */
const WAIT_POLL_INTERVAL_MS = 500;

/**
 * Opens a project. Starts TACO's own Redis if it is used and `startRedis` is set.
 * Throws TacoError no-project (no such folder), home-unusable, redis-missing, redis-unreachable.
 */
export async function openTeam(options: OpenTeamOptions): Promise<Team> {
  const { paths, logger, env } = options;
  const dir = existsSync(options.projectDir) ? realpathSync(options.projectDir) : options.projectDir;
  // A team whose folder was deleted can still be seen and ended.
  if (!existsSync(dir) && !existsSync(paths.projectFile(projectIdOf(dir)))) throw errors.noProject(dir);
  if (options.startRedis) paths.assertUsable();
  const url = options.redisUrl;
  if (options.startRedis) for (const { path } of await secureHome(paths)) logger.warn('home.repaired', { path });
  const endpoint = options.startRedis
    ? await ensureRedis({ url, paths, logger, env })
    : url === undefined
      ? socketEndpoint(paths.redisSocket)
      : parseEndpoint(url);
  const restart = options.startRedis && url === undefined ? () => ensureRedis({ paths, logger, env }) : undefined;
  const redis = new RedisConnection({ endpoint, logger, restart });
  try {
    await redis.ready(CONNECT_MS);
  } catch (error) {
    redis.dispose();
    throw error;
  }
  return new Team(options, dir, redis);
}

/** A project's connection, for every view and tool and for the engine. */
export class Team implements TeamClient {
  private readonly disposables = new DisposableStore();
  private readonly producer: RedisCommandProducer;
  private readonly dead: DeadLetters;
  private readonly spool: CommandSpool;
  private readonly known: RosterCache;
  private readonly trouble: WriteTrouble;
  readonly projectId: string;
  readonly keys: Keys;
  readonly ports: PortAllocator;
  readonly calls: RedisNotificationClaims;
  readonly approvals: Approvals;
  readonly onConnection: EventLike<boolean>;
  readonly onChange: EventLike<void>;
  readonly onEvent: EventLike<MonitorEvent>;

  constructor(
    readonly options: OpenTeamOptions,
    /** Real path. */
    readonly projectDir: string,
    readonly redis: RedisConnection,
    readonly store = new RedisStateStore(redis, new Keys(projectIdOf(projectDir)), systemClock, options.logger),
    private readonly events = new TeamEvents(redis, store, options.logger),
  ) {
    this.projectId = projectIdOf(projectDir);
    this.keys = new Keys(this.projectId);
    for (const each of [redis, store, events]) this.disposables.add(each);
    this.ports = new PortAllocator(redis, this.keys);
    this.calls = new RedisNotificationClaims(redis, this.keys);
    this.approvals = new Approvals(options.paths.approvalsDir(this.projectId));
    this.producer = new RedisCommandProducer(redis, this.keys);
    this.dead = new DeadLetters(redis, this.keys, systemClock);
    this.spool = new CommandSpool(options.paths.spoolDir(this.projectId));
    this.trouble = new WriteTrouble(redis, options.paths.home);
    this.known = new RosterCache(options.paths.projectDir(this.projectId));
    this.onConnection = events.onConnection;
    this.onChange = events.onChange;
    this.onEvent = store.onEvent;
  }

  /**
   * Returns the same project for the leader of one term: see {@link RedisStateStore.withFence}. The two share the
   * connection and the events, and close together.
   */
  withFence(fence: EpochFence): Team {
    return new Team(this.options, this.projectDir, this.redis, this.store.withFence(fence), this.events);
  }

  get endpoint(): RedisEndpoint {
    return this.redis.endpoint;
  }

  async snapshot(): Promise<Snapshot> {
    const [snapshot, trouble] = await Promise.all([this.store.snapshot(), this.trouble.why()]);
    return trouble === null ? snapshot : { ...snapshot, trouble };
  }

  message(id: string): Promise<MessageView | null> {
    return this.store.message(id);
  }

  messages(ids: readonly string[]): Promise<readonly MessageView[]> {
    return readMessages(this.redis, this.keys, ids);
  }

  history(): HistoryReader {
    return new HistoryReader(this.redis, this.keys);
  }

  async send(input: SendInput): Promise<readonly SentMessage[]> {
    const { producer, spool } = this;
    return await sendMessages(input, { producer, spool, roster: await this.currentRoster() });
  }

  /**
   * Returns the roster. While Redis is unreachable it returns the last cached one, so that a message can wait in the
   * spool.
   */
  private currentRoster(): Promise<Roster> {
    return this.known.getOrCached(async () => {
      const [session, agents] = await Promise.all([this.store.session(), this.store.agents()]);
      this.assertPhase('send', session, null);
      if (!session) throw errors.noSession(this.projectDir);
      return { tmuxSession: session.tmux_session, agents };
    });
  }

  /** Ends the session in Redis, and in the roster cache for callers without Redis. */
  async end(): Promise<void> {
    await this.store.clear();
    await this.known.clear();
  }

  async waitFor(id: string, state: 'delivered' | 'received', timeoutMs: number): Promise<MessageView> {
    let nap = new AbortController();
    const listener = this.store.onEvent((event) => {
      if (event.kind === 'command' && event.id === id) nap.abort();
    });
    try {
      return await waitForMessage({
        wanted: state,
        timeoutMs,
        name: `message ${id}`,
        read: () => {
          nap = new AbortController(); // an event during the read asks for another one
          return this.store.message(id);
        },
        pause: (maxMs) => systemClock.sleep(Math.min(WAIT_POLL_INTERVAL_MS, maxMs), nap.signal),
      });
    } finally {
      listener.dispose();
    }
  }

  async request(request: ControlRequest): Promise<void> {
    await this.assertAllowed(requestKindOf(request));
    // First: the leader may act on the request at once.
    if (request.kind === 'approve') {
      await this.approvals.keepPlan(request.plan);
      await new ApprovedChecks(this.options.paths.approvedChecksDir(this.projectId)).keep(request.plan);
    }
    if (request.kind !== 'start' || request.autoApprove !== true) return this.store.postRequest(request);
    const { ticket = randomUUID() } = request;
    await this.approvals.keepStart(ticket);
    return this.store.postRequest({ ...request, ticket });
  }

  async waitsToStart(ticket: string): Promise<boolean> {
    return (await this.waitingStart(ticket)) !== undefined;
  }

  async withdrawStart(ticket: string): Promise<boolean> {
    const waiting = await this.waitingStart(ticket);
    // The request of a start that was interrupted must stay: the next leader ends its remains by it.
    if (waiting === undefined || (await this.hasBegun(ticket))) return false;
    await this.store.requests.acknowledge(waiting.id);
    return !(await this.hasBegun(ticket));
  }

  private async waitingStart(ticket: string): Promise<{ readonly id: string } | undefined> {
    return (await this.store.requests.read()).find(
      ({ request }) => request.kind === 'start' && request.ticket === ticket,
    );
  }

  private async hasBegun(ticket: string): Promise<boolean> {
    return (await this.store.session())?.request === ticket;
  }

  /** Throws the TacoError of {@link checkRequest} if the request is invalid in the present phase. */
  async assertAllowed(kind: RequestKind): Promise<void> {
    const [session, plan] = await Promise.all([this.store.session(), this.store.plan()]);
    this.assertPhase(kind, session, plan);
  }

  private assertPhase(kind: RequestKind, session: SessionState | null, plan: PlanReview | null): void {
    const names = { projectDir: this.projectDir, tmuxSession: session?.tmux_session ?? '' };
    const refusal = checkRequest(kind, teamPhaseOf(session, plan), names);
    if (refusal) throw refusal;
  }

  async answer(id: string, answer: InputResponse, from: Sender = { kind: 'user' }): Promise<void> {
    await answerRequest(
      { redis: this.redis, keys: this.keys, clock: systemClock, log: this.options.logger },
      id,
      answer,
      from,
    );
  }

  async retry(id: string): Promise<void> {
    await this.assertAllowed('record');
    return this.dead.retry(id);
  }

  async drop(id: string): Promise<void> {
    await this.assertAllowed('record');
    return this.dead.drop(id);
  }

  /** Puts the messages that were spooled while Redis was unreachable into the queue, in order. */
  async drainSpool(): Promise<void> {
    const { sent, refused } = await this.spool.drain(this.producer, (file, error) =>
      this.options.logger.warn('spool.refused', { file, error: errorMessage(error) }),
    );
    if (sent + refused > 0) this.options.logger.info('spool.drained', { sent, refused });
  }

  /**
   * Makes the project findable for processes inside it. The file is private, since a Redis URL may hold a password.
   */
  async writeProjectFile(tmuxSocket: string, keep = false): Promise<void> {
    const { paths, redisUrl } = this.options;
    if (keep && existsSync(paths.projectFile(this.projectId))) return;
    const facts = {
      dir: this.projectDir,
      socket: tmuxSocket,
      ...(redisUrl === undefined ? {} : { redisUrl: endpointUrl(this.endpoint) }),
    };
    // Atomic: half a file would name a project without its own Redis.
    await writeFileAtomic(paths.projectFile(this.projectId), JSON.stringify(facts));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** Returns the id of a message that another process may send again when it knows only the message's purpose. */
export function deterministicId(purpose: string): string {
  return `cmd_${createHash('sha256').update(purpose).digest('hex').slice(0, 32)}`;
}
