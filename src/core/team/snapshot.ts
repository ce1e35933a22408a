import type { Usage } from '../agents/usage';
import type {
  AgentRecord,
  CommandType,
  MessageState,
  PlanReview,
  Priority,
  ServiceRecord,
  SessionState,
} from '../models';
import type { InputRequest } from '../requests/inputRequest';
import type { HostView } from './hosts';

/** One message as every view shows it. Times are milliseconds since the epoch. */
export interface MessageView {
  readonly id: string;
  readonly type: CommandType;
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly priority: Priority;
  readonly state: MessageState;
  /** Why it is held, retrying or dead; empty otherwise. */
  readonly reason: string;
  /** Since when it is in `state`. */
  readonly since: number;
  readonly enqueuedAt: number;
  readonly attempts: number;
  /** When its life ended, milliseconds; absent while it is on its way. `delivered` is an end where no hook can prove more. */
  readonly endedAt?: number;
  /** Each state it went through, oldest first. */
  readonly history: readonly { readonly at: number; readonly state: MessageState; readonly reason: string }[];
}

export interface AgentView extends AgentRecord {
  /** Messages for it that are not final yet. */
  readonly waiting: number;
  /** Names of the services it owns. */
  readonly services: readonly string[];
  /** What its model used in this session; absent where its CLI records nothing. */
  readonly usage?: Usage;
}

export interface Counters {
  /** In the queue and not begun. */
  readonly pending: number;
  /** Begun: held, typing, typed, entered, delivered. */
  readonly processing: number;
  /** Of the processing: waiting behind a gate. */
  readonly held: number;
  readonly dead: number;
  /** Totals since the session began (seed: metrics). */
  readonly enqueued: number;
  readonly executed: number;
  readonly failed: number;
  readonly activeAgents: number;
}

export interface ActivityLine {
  readonly at: number;
  readonly text: string;
}

/** Everything a view needs, whole: views are given snapshots, never deltas. */
export interface Snapshot {
  readonly at: number;
  readonly projectId: string;
  readonly session: SessionState | null;
  /** Ordered by window; Mother first. */
  readonly agents: readonly AgentView[];
  /** Not final first (oldest first), then the newest finished ones; capped. */
  readonly messages: readonly MessageView[];
  readonly services: readonly ServiceRecord[];
  readonly counters: Counters;
  /** Newest first, at most 50. */
  readonly activity: readonly ActivityLine[];
  readonly plan: PlanReview | null;
  /** What agents need the person for, oldest first. */
  readonly needs: readonly InputRequest[];
  /** Who leads now, `host:pid`; null when nobody does. */
  readonly leader: string | null;
  /** Hosts that joined the project, by name; absent: none did. */
  readonly hosts?: readonly HostView[];
  /** What the whole team used, those who left it included; absent where no CLI records it. */
  readonly usage?: Usage;
}
