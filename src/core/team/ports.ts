/** Interfaces that adapters implement. Comments also state which guarantees are not given. */
import type { AgentRecord } from '../agents/agentRecord';
import type { DisposableLike, EventLike } from '../base/disposable';
import type { MessageState } from '../messages/messageState';
import type { NewCommand } from '../messages/newCommand';
import type { Command } from '../models';
import type { PlanReview } from '../plan/planReview';
import type { ServiceRecord } from '../services/serviceRecord';
import type { ControlRequest } from './controlRequest';
import type { MonitorEvent } from './monitorEvent';
import type { SessionState } from './session';
import type { MessageView, Snapshot } from './snapshot';

/** Producer side of the queue, used by `taco send`, the command palette and TACO itself. */
export interface CommandProducer {
  /** Idempotent by `id`: a repeat answers `duplicate: true` and adds nothing. Throws TacoError quota-exceeded,
   * message-too-long, sender-refused, type-refused, and fate-unknown for an `unsure` one that is too old to tell. Does not promise delivery, only that it is kept. */
  enqueue(command: NewCommand): Promise<{ readonly duplicate: boolean }>;
}

/** One command as the consumer holds it: the validated command, its stream id and its ledger state. */
export interface PendingCommand {
  readonly command: Command;
  readonly streamId: string;
  readonly state: MessageState;
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Time of the next attempt, milliseconds; 0: at once. */
  readonly notBefore: number;
}

/**
 * Consumer side of the queue. Only the lease holder calls it, and each write includes the epoch: a stale epoch throws
 * TacoError not-leader and writes nothing. Every method is idempotent.
 */
export interface CommandConsumer {
  /**
   * Returns every command that this consumer began and did not finish, in stream order. Called after each start and
   * reconnect.
   */
  recover(): Promise<readonly PendingCommand[]>;
  /**
   * Returns new commands in stream order; waits up to `blockMs` (≤ 2000). Malformed entries become dead letters and
   * never stop the loop.
   */
  read(count: number, blockMs: number): Promise<readonly PendingCommand[]>;
  /**
   * Records a state before the end (`held` with its reason, `typing`, `typed`, `entered`, `delivered`). Resolves to
   * false when the command has ended: the user dropped it.
   */
  phase(id: string, state: MessageState, reason?: string): Promise<boolean>;
  /** Ends a command successfully: acknowledges it, writes and publishes `commands:completed`, counts it. */
  done(pending: PendingCommand, state: 'received' | 'delivered', receipt?: string): Promise<void>;
  /** Completes the receipt of a message that was received. */
  amend(id: string, receipt: string): Promise<void>;
  /** Counts an attempt. Below the maximum, and not `final`: `retrying`, due at `notBefore`; else: dead letter. */
  fail(pending: PendingCommand, reason: string, notBefore: number, final?: boolean): Promise<'retrying' | 'dead'>;
  /** Ends a command with the target `user`, and adds it to the user's inbox in the same step. */
  deliverToUser(pending: PendingCommand): Promise<void>;
  /** Ends a command as `uncertain`: shown to the user, typed again only at the user's request. */
  uncertain(pending: PendingCommand, reason: string): Promise<void>;
}

/** Access to the project's state. Reads are validated; an invalid hash is reported and skipped, never thrown. */
export interface StateStore {
  snapshot(): Promise<Snapshot>;
  message(id: string): Promise<MessageView | null>;
  session(): Promise<SessionState | null>;
  setSession(patch: Partial<SessionState>): Promise<void>;
  agents(): Promise<readonly AgentRecord[]>;
  agent(window: number): Promise<AgentRecord | null>;
  setAgent(window: number, patch: Partial<AgentRecord>): Promise<void>;
  removeAgent(window: number): Promise<void>;
  services(): Promise<readonly ServiceRecord[]>;
  setService(record: ServiceRecord): Promise<void>;
  removeService(name: string): Promise<void>;
  plan(): Promise<PlanReview | null>;
  setPlan(review: PlanReview | null): Promise<void>;
  /** Registers an agent's secret; only its SHA-256 is stored. */
  registerSender(label: string, secret: string): Promise<void>;
  /** Adds one line to "Recent activity". */
  note(text: string): Promise<void>;
  publish(event: MonitorEvent): Promise<void>;
  readonly onEvent: EventLike<MonitorEvent>;
  postRequest(request: ControlRequest): Promise<void>;
  /** Removes every key of the project's session (queue and ledger included). */
  clear(): Promise<void>;
}

/** Leadership of one project: one process holds it, with a fencing epoch that only grows. */
export interface Lease extends DisposableLike {
  /** Tries once and returns the epoch; null when another process holds the lease. */
  acquire(): Promise<number | null>;
  /** The epoch while the lease is held, else null. */
  readonly epoch: number | null;
  /** Fires when the lease is lost, for any reason. */
  readonly onLost: EventLike<void>;
  release(): Promise<void>;
}
