/**
 * Messages between the monitor webview and the extension. A webview is a web page: its messages are untrusted until
 * parsed here.
 */
import * as z from 'zod';
import type { AgentState } from '../agents/agentState';
import { MAX_WINDOW } from '../base/limits';
import type { MessageState } from '../messages/messageState';
import { inputResponseSchema, type InputRequest } from '../requests/inputRequest';
import type { ServiceRecord } from '../services/serviceRecord';
import type { Series } from '../team/history';
import type { ListPatch } from './listPatch';
import type { TerminalRun } from './terminalRuns';

const windowNumber = z.int().min(0).max(MAX_WINDOW);
/** Sender or receiver of a message, as envelopes name it. */
const party = z.string().regex(/^(AGENT-\d{1,4}|MOTHER|USER|TACO)$/);
const between = z.tuple([party, party]).readonly();
export type Between = z.infer<typeof between>;

const messageId = z.string().regex(/^cmd_[A-Za-z0-9_-]{6,64}$/);

/** Monitor → extension. */
export const monitorMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal(['message-agent', 'interrupt-agent']), window: windowNumber }),
  z.object({ type: z.literal('open-terminal'), window: windowNumber }),
  z.object({ type: z.literal('retry'), id: messageId }),
  z.object({ type: z.literal('drop'), id: messageId }),
  z.object({ type: z.literal('open-service'), name: z.string().max(64) }),
  z.object({ type: z.literal('broadcast') }),
  /** The user's next step, as the session's `next` names it. */
  z.object({ type: z.literal(['review-plan', 'resume', 'answer']) }),
  /** Answers the request that the monitor shows, by its id. */
  z.object({
    type: z.literal('answer-request'),
    id: z.string().regex(/^need_[\w.-]{1,80}$/),
    answer: inputResponseSchema,
  }),
  /** Opens a request in VS Code's own dialogs. */
  z.object({ type: z.literal('open-request'), id: z.string().regex(/^need_[\w.-]{1,80}$/) }),
  /** Windows of the agents whose terminals are unfolded. */
  z.object({ type: z.literal('previews'), windows: z.array(windowNumber).max(64).readonly() }),
  z.object({ type: z.literal('terminal-grid') }),
  z.object({ type: z.literal('start') }),
  /** Time range of the charts. */
  z.object({ type: z.literal('range'), minutes: z.literal([5, 30, 180]) }),
  /** The two parties whose conversation is shown in full; null: none. */
  z.object({ type: z.literal('conversation'), between: between.nullable() }),
  z.object({ type: z.literal('export'), between: between.nullable() }),
]);
export type MonitorMessage = z.infer<typeof monitorMessageSchema>;

/** Extension → monitor: everything it shows, with texts ready for users. Times are milliseconds since the epoch. */
export interface MonitorPost {
  readonly type: 'monitor';
  /** Number of the post, incremented each time; patches refer to it. */
  readonly seq: number;
  /** The extension's clock, from which ages are computed. */
  readonly now: number;
  /** False while Redis is unreachable; the shown data is old then. */
  readonly connected: boolean;
  readonly session: MonitorSession | null;
  /** The requests that wait for the user, oldest first. */
  readonly requests: readonly MonitorRequest[];
  readonly agents: readonly MonitorAgent[];
  readonly messages: readonly MonitorMessageRow[];
  readonly services: readonly MonitorService[];
  /** Newest first. */
  readonly activity: readonly { readonly at: number; readonly text: string }[];
}

/**
 * Extension → monitor: the difference to post number `from`. A monitor with another post sends `ready` and gets
 * everything.
 */
export interface MonitorPatch
  extends
    Pick<MonitorPost, 'seq' | 'now' | 'connected'>,
    Partial<Pick<MonitorPost, 'session' | 'activity' | 'requests'>> {
  readonly type: 'monitor-patch';
  readonly from: number;
  readonly agents?: ListPatch<MonitorAgent>;
  readonly messages?: ListPatch<MonitorMessageRow>;
  readonly services?: ListPatch<MonitorService>;
}

/** Extension → monitor, each second: the charts. Times are milliseconds since the epoch. */
export interface HistoryPost {
  readonly type: 'history';
  readonly now: number;
  /** Length of one interval of the charts, milliseconds. */
  readonly stepMs: number;
  readonly series: Series;
  /** The states of each agent; see `timelineOf` in history.ts. */
  readonly timelines: readonly { readonly window: number; readonly letters: string }[];
}

/** Extension → monitor: the conversation of two parties, oldest first; null: no conversation is shown. */
export interface ConversationPost {
  readonly type: 'conversation';
  readonly between: Between | null;
  readonly messages: readonly MonitorMessageRow[];
}

/** Extension → monitor: a command selects something to show. `at` distinguishes two equal requests. */
export interface RevealPost {
  readonly type: 'reveal';
  readonly at: number;
  readonly messageId: string | null;
  readonly between: Between | null;
}
/** Extension → monitor: the last lines of unfolded terminals. */
export interface PreviewsPost {
  readonly type: 'previews';
  readonly terminals: readonly { readonly window: number; readonly lines: readonly (readonly TerminalRun[])[] }[];
}
export type MonitorPosts = MonitorPost | HistoryPost | ConversationPost | RevealPost | PreviewsPost;

export interface MonitorRequest {
  readonly id: string;
  readonly window: number;
  /** `backend wants to use Bash`. */
  readonly sentence: string;
  /** The whole request. */
  readonly text: string;
  /** True when `text` is only the beginning, so that it cannot be allowed here. */
  readonly cut: boolean;
  readonly kind: InputRequest['kind'];
  readonly choices: readonly string[];
  /** The only question with its options, when one click can answer it. */
  readonly question?: { readonly question: string; readonly options: readonly string[] };
  readonly at: number;
}

export interface MonitorSession {
  readonly name: string;
  readonly goal: string;
  readonly phase: string;
  readonly phaseWord: string;
  readonly detail: string;
  readonly startedAt: number;
  readonly leader: string;
  /** The user's most important next step. */
  readonly next: 'review-plan' | 'resume' | 'answer' | null;
  readonly active: number;
  readonly failed: number;
  /** Cost of the team, with the budget; absent while nothing is known. */
  readonly cost?: string;
  readonly queue: {
    readonly pending: number;
    readonly processing: number;
    readonly held: number;
    readonly completed: number;
    readonly failed: number;
  };
}

export interface MonitorAgent {
  readonly window: number;
  readonly name: string;
  readonly role: string;
  readonly state: AgentState;
  readonly stateWord: string;
  /** The state of its work: `proven`, `changed after its proof`; absent: it reported nothing. */
  readonly proof?: { readonly kind: string; readonly word: string };
  /** With whom its changes conflict, and in which files; absent: no conflict is known. */
  readonly conflicts?: string;
  /** Its task, or its role, as one line. */
  readonly task: string;
  /** The work in its background: `npm run dev, review`; empty: nothing. */
  readonly background: string;
  readonly activity: string;
  readonly changedAt: number;
  readonly waiting: number;
  readonly services: string;
  /** Tokens of its conversation as text; absent where the CLI records none. */
  readonly context?: string;
  /** Why it needs a look: no progress, or a call that fails again and again. */
  readonly standstill?: string;
  /** Tokens and cost as text; absent where the CLI records none. */
  readonly cost?: string;
}

export interface MonitorMessageRow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** `AGENT-4`, `MOTHER`, `USER` or `TACO`; independent of names. */
  readonly sender: string;
  readonly receiver: string;
  /** Window of the receiver's terminal; null: the user has none. */
  readonly window: number | null;
  readonly text: string;
  readonly state: MessageState;
  /** `held: a dialog is open in its terminal`. */
  readonly status: string;
  readonly since: number;
  readonly enqueuedAt: number;
  /** True when the user must retry or drop it. */
  readonly stuck: boolean;
  /** The user can drop it. */
  readonly droppable: boolean;
  readonly history: readonly { readonly at: number; readonly status: string }[];
}

export interface MonitorService {
  readonly name: string;
  readonly address: string;
  /** True when a browser can open it. */
  readonly web: boolean;
  readonly health: ServiceRecord['health'];
  readonly healthWord: string;
  readonly owner: string;
}
