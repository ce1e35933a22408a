import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { MessageState } from '../../core/messages/messageState';
import type { MessageView } from '../../core/team/snapshot';
import { withUnread } from '../../core/team/unread';

/** The hook of a prompt and that of its refusal may come before the ledger has the receipt. */
const IN_CONVERSATION: readonly MessageState[] = ['entered', 'delivered', 'received'];

export interface UnreadMessagesOptions {
  /** Returns the messages that ended, those to other windows included. */
  readonly messages: () => Promise<readonly MessageView[]>;
  readonly agent: (window: number) => AgentRecord | undefined;
  /** Stores the mark of an agent here. */
  readonly mark: (window: number, unread: string) => Promise<void>;
  readonly now: () => number;
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
    this.began = options.now();
  }

  async onRefused({ window }: Pick<AgentRecord, 'window'>): Promise<void> {
    const { messages, agent, mark } = this.options;
    const from = this.answered.get(window) ?? this.began;
    const ids = (await messages())
      .filter(({ target, state }) => IN_CONVERSATION.includes(state) && target.endsWith(`:${window}`))
      // A receipt with a place says that the model has read it.
      .filter(({ since, reason }) => since >= from && !reason.startsWith('read '))
      .map(({ id }) => id);
    const record = agent(window);
    if (record && ids.length > 0) await mark(window, withUnread(record, ids));
  }

  /** @param record the agent before the report */
  async onHook({ window, unread = '', sessionId }: AgentRecord, event: string, data: HookData): Promise<void> {
    const isOther = data.sessionId !== undefined && sessionId !== '' && data.sessionId !== sessionId;
    if (event === 'Stop' && !isOther) this.answered.set(window, this.options.now());
    // Another conversation has none of them.
    const isOver = isOther ? event === 'SessionStart' : event === 'Stop';
    if (isOver && unread !== '') await this.options.mark(window, '');
  }
}
