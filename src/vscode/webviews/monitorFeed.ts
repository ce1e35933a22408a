/**
 * Data that the monitor shows beside the snapshot: curves, agents' states over time, one conversation. No `vscode`
 * here.
 */
import type { Logger } from '../../core/base/logger';
import { HistoryLog, seriesOf, timelineOf } from '../../core/team/history';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import type { TeamClient } from '../../core/team/teamClient';
import type { Between, ConversationPost, HistoryPost, MonitorMessage } from '../../core/webviews/monitorProtocol';
import { endedBetween, inOrderSent, isBetween } from './conversationFilter';
import { messageRow } from './monitorModel';

type Minutes = Extract<MonitorMessage, { type: 'range' }>['minutes'];
/** Number of intervals in a curve, then in an agent's timeline. */
const STRETCHES = 60;
const SLOTS = 150;
const CONVERSATION_SHOWN = 200;

/**
 * Reads only new entries each time, and only on request. It belongs to one session; another session starts it again.
 */
export class MonitorFeed {
  private log = new HistoryLog();
  private reader: ReturnType<TeamClient['history']> | null = null;
  private session = '';
  private team: TeamClient | null = null;
  private minutes: Minutes = 5;
  private between: Between | null = null;
  /** Ended messages of the conversation, as they were read. */
  private ended = new Map<string, MessageView>();

  constructor(private readonly logger: Logger) {}

  setRange(minutes: Minutes): void {
    this.minutes = minutes;
  }

  setConversation(between: Between | null): void {
    this.between = between;
    this.ended = new Map();
  }

  /** Reads what is new. Never throws: it retries a failed read the next time. */
  async read(team: TeamClient, snapshot: Snapshot): Promise<void> {
    const session = snapshot.session?.started_at ?? '';
    if (team !== this.team || session !== this.session) {
      this.team = team;
      this.session = session;
      this.log = new HistoryLog();
      this.reader = team.history();
      this.ended = new Map();
    }
    try {
      if (this.reader) this.log.add(await this.reader.next());
      await this.readConversation(team);
    } catch (error) {
      this.logger.debug('monitor.history', { error });
    }
  }

  history(snapshot: Snapshot, now: number): HistoryPost {
    const stepMs = (this.minutes * 60_000) / STRETCHES;
    const slotMs = (this.minutes * 60_000) / SLOTS;
    const open = snapshot.messages.filter(({ endedAt }) => endedAt === undefined);
    return {
      type: 'history',
      now,
      stepMs,
      series: seriesOf(this.log.finished, open, now, stepMs, STRETCHES),
      timelines: snapshot.agents.map(({ window, status, changedAt }) => ({
        window,
        letters: timelineOf(
          this.log.steps.filter((step) => step.window === window),
          { status, since: changedAt },
          now,
          slotMs,
          SLOTS,
        ),
      })),
    };
  }

  conversation(snapshot: Snapshot): ConversationPost {
    const { between } = this;
    if (between === null) return { type: 'conversation', between, messages: [] };
    const messages = inOrderSent(
      [...this.ended.values()],
      snapshot.messages.filter((message) => isBetween(message, between)),
    );
    return {
      type: 'conversation',
      between,
      messages: messages.slice(-CONVERSATION_SHOWN).map((message) => messageRow(message, snapshot.agents)),
    };
  }

  private async readConversation(team: TeamClient): Promise<void> {
    const { between, ended } = this;
    if (between === null) return;
    const ids = endedBetween(this.log.finished, between, CONVERSATION_SHOWN);
    const missing = ids.filter((id) => ended.get(id)?.endedAt === undefined);
    if (missing.length === 0) return;
    for (const message of await team.messages(missing)) ended.set(message.id, message);
  }
}
