import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import type { MessageState } from '../../core/messages/messageState';
import { withUnread } from '../../core/team/unread';
import type { Team } from '../../team/team';
import type { AgentManager } from '../agents/agentManager';

/** The hook of a prompt and that of its refusal may come before the ledger has the receipt. */
const IN_CONVERSATION: readonly MessageState[] = ['entered', 'delivered', 'received'];

export interface UnreadMessagesOptions {
  readonly team: Pick<Team, 'snapshot'>;
  readonly agents: Pick<AgentManager, 'get' | 'change'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Marks messages that a CLI received, but whose turn its model refused: they stand in the conversation, and the next
 * turn that works reads them. They are never typed again.
 */
export class UnreadMessages {
  /** Time of the last turn that ended well, by window. */
  private readonly answered = new Map<number, number>();
  private readonly began: number;

  constructor(private readonly options: UnreadMessagesOptions) {
    this.began = options.clock.now();
  }

  async onRefused({ window }: Pick<AgentRecord, 'window'>): Promise<void> {
    const { team, agents } = this.options;
    const from = this.answered.get(window) ?? this.began;
    const ids = (await team.snapshot()).messages
      .filter(({ target, state }) => IN_CONVERSATION.includes(state) && target.endsWith(`:${window}`))
      // A receipt with a place says that the model has read it.
      .filter(({ since, reason }) => since >= from && !reason.startsWith('read '))
      .map(({ id }) => id);
    const record = agents.get(window);
    if (record && ids.length > 0) await agents.change(window, { unread: withUnread(record, ids) });
  }

  /** @param record the agent before the report */
  async onHook({ window, unread = '', sessionId }: AgentRecord, event: string, data: HookData): Promise<void> {
    const isOther = data.sessionId !== undefined && sessionId !== '' && data.sessionId !== sessionId;
    if (event === 'Stop' && !isOther) this.answered.set(window, this.options.clock.now());
    // Another conversation has none of them.
    const isOver = isOther ? event === 'SessionStart' : event === 'Stop';
    if (isOver && unread !== '') await this.options.agents.change(window, { unread: '' });
  }
}
