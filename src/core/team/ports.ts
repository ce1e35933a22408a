/** The interfaces that adapters fill. Each comment also says what is not promised. */
import type { DisposableLike, EventLike } from '../base/disposable';
import type {
  AgentRecord,
  Command,
  MessageState,
  PlanReview,
  Priority,
  CommandType,
  ServiceRecord,
  SessionState,
} from '../models';
import type { MessageView, Snapshot } from './snapshot';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Structured log: an event name such as `agent.created` and its fields. Message bodies only at `trace`. */
export interface Logger {
  trace(event: string, fields?: Record<string, unknown>): void;
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** The sender's proof: the secret it was launched with; null for the person at a shell. */
export interface NewCommand {
  readonly id: string;
  readonly type: CommandType;
  readonly target: string;
  readonly message: string;
  readonly priority: Priority;
  readonly timestamp: string;
  readonly sender: string;
  readonly secret: string | null;
}

/** The producer's side of the queue: what `taco send`, the palette and TACO itself use. */
export interface CommandProducer {
  /** Idempotent by `id`: a repeat answers `duplicate: true` and adds nothing. Throws TacoError quota-exceeded,
   * message-too-long, sender-refused, type-refused. Does not promise delivery, only that it is kept. */
  enqueue(command: NewCommand): Promise<{ readonly duplicate: boolean }>;
}

/** One command as the consumer holds it: the validated command, its stream id and the ledger's view of it. */
export interface PendingCommand {
  readonly command: Command;
  readonly streamId: string;
  readonly state: MessageState;
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Not to be tried again before, milliseconds; 0 when at once. */
  readonly notBefore: number;
}

/**
 * The consumer's side. Only the lease holder calls it, and each write carries the epoch: a stale epoch throws
 * TacoError not-leader and writes nothing. Every method is idempotent.
 */
export interface CommandConsumer {
  /** Everything this consumer began and did not finish, in stream order. Called after each start and reconnect. */
  recover(): Promise<readonly PendingCommand[]>;
  /** New commands in stream order; waits up to `blockMs` (≤ 2000). Malformed entries go to the dead letters here and never stop the loop. */
  read(count: number, blockMs: number): Promise<readonly PendingCommand[]>;
  /** Records a state of the life before the end (`held` with its reason, `typing`, `typed`, `entered`, `delivered`). */
  phase(id: string, state: MessageState, reason?: string): Promise<void>;
  /** Ends it well: acknowledges, writes and publishes `commands:completed`, counts it. */
  done(pending: PendingCommand, state: 'received' | 'delivered'): Promise<void>;
  /** Counts an attempt. Below the maximum, and not `final`: `retrying`, due at `notBefore`; else: dead letter. */
  fail(pending: PendingCommand, reason: string, notBefore: number, final?: boolean): Promise<'retrying' | 'dead'>;
  /** Ends it as `uncertain` (shown to the person, never typed again unasked). */
  uncertain(pending: PendingCommand, reason: string): Promise<void>;
}

/** A pane that the person started by hand becomes an agent. */
export interface AdoptRequest {
  /** tmux pane id, `%12`. */
  readonly pane: string;
  readonly name: string;
  /** Which agent CLI it is; absent: the first that fits. */
  readonly profile?: string;
  /** The CLI's own id of its conversation, so that a relaunch goes on with it. */
  readonly conversation?: string;
}

/** What people and tools may ask the leader to do. Anyone posts, the leader acts. */
export type ControlRequest =
  /** With `plan` (any text that `parsePlan` reads) that plan is put up for review, and Mother is not asked for one. */
  | {
      readonly kind: 'start';
      readonly goal: string;
      readonly plan?: string;
      /** Minted by who asks, who knows by it which session is its own. */
      readonly ticket?: string;
    }
  /** `review`: the `at` of the plan under review that is approved, perhaps as the user edited it; absent: a plan that is given in its place. */
  | { readonly kind: 'approve'; readonly plan: unknown; readonly review?: number }
  | { readonly kind: 'reject'; readonly note: string }
  | { readonly kind: 'submit-plan'; readonly text: string }
  | { readonly kind: 'relaunch'; readonly window: number }
  /** Brings the team of a session back whose tmux session is gone. */
  | { readonly kind: 'resume' }
  /** US dollars the team may cost from now on, all that it has cost included; 0: as much as it does. */
  | { readonly kind: 'budget'; readonly usd: number }
  | ({ readonly kind: 'adopt' } & AdoptRequest)
  /** A host that will not come back is given up, and with it its agents. */
  | { readonly kind: 'forget-host'; readonly host: string }
  | { readonly kind: 'stop-agent'; readonly window: number }
  | { readonly kind: 'report-done'; readonly window: number; readonly text: string }
  | { readonly kind: 'stop' };

/** Events on `monitor:events`: wake-ups for views and for the leader. Never the truth: read the state after one. */
export type MonitorEvent =
  | { readonly kind: 'command'; readonly id: string; readonly state: MessageState; readonly target: string }
  | { readonly kind: 'agent'; readonly window: number }
  | { readonly kind: 'hook'; readonly window: number; readonly event: string; readonly data: HookData }
  | { readonly kind: 'session' }
  | { readonly kind: 'plan' }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'request' }
  | { readonly kind: 'need'; readonly window: number }
  | { readonly kind: 'user'; readonly id: string };

/** What `taco hook` passes on of an agent CLI's hook, whatever the CLI. */
export interface HookData {
  readonly sessionId?: string;
  /** UserPromptSubmit: the exact text the model gets. */
  readonly prompt?: string;
  /** Stop: the exact text of the last reply. */
  readonly lastMessage?: string;
  readonly toolName?: string;
  readonly toolInput?: string;
  /** Id of the command whose text the prompt was, when the door recognised it. */
  readonly commandId?: string;
  /** Id of the command that the door kept from the model because its text was damaged on the way. */
  readonly blockedId?: string;
  /** The file in which the CLI keeps this conversation. */
  readonly transcript?: string;
  /** Notification: what kind it is (`permission_prompt`, `idle_prompt`, …). */
  readonly notification?: string;
}

/** Reads and writes of the project's state. Reads are validated; a bad hash is reported and left out, never thrown on. */
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
  /** Registers an agent's secret; only its SHA-256 is kept. */
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
  /** Tries once; null when another process holds it. */
  acquire(): Promise<number | null>;
  /** The epoch while held, else null. */
  readonly epoch: number | null;
  /** Fires when the lease is lost, for whatever reason. */
  readonly onLost: EventLike<void>;
  release(): Promise<void>;
}
