import type { AgentRecord } from '../agents/agentRecord';
import type { Usage } from '../agents/usage';
import type { AccountLimit } from '../limits/accountLimit';
import type { MessageState } from '../messages/messageState';
import type { CommandType, Priority, When } from '../models';
import type { PlanReview } from '../plan/planReview';
import type { InputRequest } from '../requests/inputRequest';
import type { ServiceRecord } from '../services/serviceRecord';
import type { AgentVitals, HostVitals } from '../vitals/vitals';
import type { HostView } from './hosts';
import type { SessionState } from './session';

/** One message as every view shows it. Times are milliseconds since the epoch. */
export interface MessageView {
  readonly id: string;
  readonly type: CommandType;
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly priority: Priority;
  /** When a working agent gets it; absent: as the team's setting says. */
  readonly when?: When;
  readonly state: MessageState;
  /** Reason if it is held, retrying or dead; else empty. */
  readonly reason: string;
  /** Start of its present `state`. */
  readonly since: number;
  readonly enqueuedAt: number;
  readonly attempts: number;
  /**
   * Time of its end, milliseconds; absent while it is in flight. `delivered` is an end where no hook can prove more.
   */
  readonly endedAt?: number;
  /** Its history: each state with its time, oldest first. */
  readonly history: readonly { readonly at: number; readonly state: MessageState; readonly reason: string }[];
}

export interface AgentView extends AgentRecord {
  /** Messages to it that are not final. */
  readonly waiting: number;
  /** Names of the services it owns. */
  readonly services: readonly string[];
  /** Its use of the machine; absent: not measured. */
  readonly vitals?: AgentVitals;
  /** Tokens of its conversation that the model read last; absent where its CLI records nothing. */
  readonly context?: number;
  /** Usage of its model in this session; absent where its CLI records nothing. */
  readonly usage?: Usage;
}

export interface Counters {
  /** Queued and not begun. */
  readonly pending: number;
  /** Begun: held, typing, typed, entered, delivered. */
  readonly processing: number;
  /** Part of `processing`: held messages. */
  readonly held: number;
  readonly dead: number;
  /** Totals since the session began. */
  readonly enqueued: number;
  readonly executed: number;
  readonly failed: number;
  readonly activeAgents: number;
}

export interface ActivityLine {
  readonly at: number;
  readonly text: string;
}

/** Everything that a view needs. Views always get whole snapshots, never deltas. */
export interface Snapshot {
  readonly at: number;
  readonly projectId: string;
  readonly session: SessionState | null;
  /** Ordered by window; Mother first. */
  readonly agents: readonly AgentView[];
  /** Non-final messages first (oldest first), then the newest finished ones; limited in number. */
  readonly messages: readonly MessageView[];
  readonly services: readonly ServiceRecord[];
  readonly counters: Counters;
  /** Newest first, at most 50. */
  readonly activity: readonly ActivityLine[];
  readonly plan: PlanReview | null;
  /** Open input requests, oldest first. */
  readonly needs: readonly InputRequest[];
  /** Why nothing can be written now (Redis is a replica, a disk is full or read-only), in the words of who refuses; absent: all is well. */
  readonly trouble?: string;
  /** The leader, `host:pid`; null without one. */
  readonly leader: string | null;
  /** Joined hosts by name; absent: none. */
  readonly hosts?: readonly HostView[];
  /** The free memory and disk of the team's machines; absent: not measured. */
  readonly machines?: readonly HostVitals[];
  /** Limits of accounts whose models refuse turns; absent: none. */
  readonly limits?: readonly AccountLimit[];
  /** Usage of the whole team, agents that left included; absent where no CLI records it. */
  readonly usage?: Usage;
}
