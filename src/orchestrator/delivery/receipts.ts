import type { AgentProfile } from '../../core/agents/agentProfile';
import type { ConversationProgress, Receipt, TypedText } from '../../core/messages/delivery';
import type { Reading } from '../../core/messages/readingNote';
import type { TextProgress } from '../conversations/conversationLog';
import type { Conversations } from '../conversations/conversations';

/** The text in flight to a window, as `taco hook` and a later leader read it; each write is fenced by the epoch. */
export interface InflightStore {
  set(
    window: number,
    id: string,
    phase: 'typing' | 'typed' | 'entered',
    text: string,
    typedAt: number,
    queued: string,
  ): Promise<void>;
  clear(window: number, id: string): Promise<void>;
  /** Returns the record with the durable result of the prompt check, if it is about this command. */
  record(
    window: number,
    id: string,
  ): Promise<{ readonly phase: string; readonly typedAt: number; readonly transcript: string } | null>;
  /** Returns the messages that were typed into the window last, newest first. */
  typed(window: number): Promise<readonly TypedText[]>;
}

interface TypedMessage {
  readonly window: number;
  readonly text: string;
  /** Time at which its typing began, milliseconds. */
  readonly since: number;
  /** True once the hook reported exactly this text. */
  heard: boolean;
  /** True from its place in the CLI's own queue until the model has read it. */
  queued: boolean;
}

/**
 * Decides what is proven about a message in flight. The hook reports what the CLI accepted; while a turn runs that is
 * only a place in the CLI's queue. Where the CLI stores its conversation, that file proves what the model has read.
 */
export class Receipts {
  /** By id. The in-flight record holds one message per window; an interrupt may replace it. */
  private readonly typed = new Map<string, TypedMessage>();

  constructor(
    private readonly inflight: InflightStore,
    private readonly conversations: Pick<Conversations, 'progress' | 'onHook'>,
  ) {}

  /** Records that the typing of a message begins or goes on. */
  async set(
    window: number,
    id: string,
    phase: 'typing' | 'typed' | 'entered',
    text: string,
    now: number,
  ): Promise<void> {
    const since = phase === 'typing' ? now : (this.typed.get(id)?.since ?? now);
    this.typed.set(id, { window, text, since, heard: false, queued: false });
    const queued = [...this.typed].find(([other, each]) => other !== id && each.window === window && each.queued);
    await this.inflight.set(window, id, phase, text, Math.floor(since), queued?.[1].text ?? '');
  }

  async clear(window: number, id: string): Promise<void> {
    this.typed.delete(id);
    await this.inflight.clear(window, id);
  }

  /** Forgets a message that has ended. */
  forget(id: string): void {
    this.typed.delete(id);
  }

  /** Returns whether the agent's hook reported exactly this message. */
  isHeard(id: string): boolean {
    return this.typed.get(id)?.heard === true;
  }

  async receipt(window: number, id: string, text: string, profile: AgentProfile | undefined): Promise<Receipt | null> {
    const message = await this.recall(window, id, text);
    if (message.refused) return 'refused';
    const progress = profile?.readConversation ? await this.progress(message, id) : null;
    const typed = this.typed.get(id);
    // The file may name a text that its hook has reported a moment later. After an interrupt the text leaves the queue
    // before it begins its turn, and its hook reports it again.
    if (typed) {
      const isInQueue = progress?.kind === 'queued' || (progress?.kind === 'absent' && message.heard);
      typed.queued = progress?.kind === 'read' ? false : typed.queued || isInQueue;
    }
    switch (progress?.kind) {
      case 'read':
      case 'returned':
        return progress.kind === 'read' ? 'received' : 'returned';
      case 'queued':
        return 'heard';
      case 'absent':
        return message.heard ? 'heard' : null;
      case undefined:
        return message.heard ? 'received' : null;
    }
  }

  async conversation(window: number, id: string, text: string): Promise<ConversationProgress | null> {
    return (await this.progress(await this.recall(window, id, text), id))?.kind ?? null;
  }

  /** Returns the place at which the model read the message; null when nothing shows it. */
  async reading(window: number, id: string, text: string): Promise<Reading | null> {
    const progress = await this.progress(await this.recall(window, id, text), id);
    return progress?.kind === 'read' ? progress.reading : null;
  }

  private async recall(window: number, id: string, text: string): Promise<TypedMessage & { refused: boolean }> {
    const record = await this.inflight.record(window, id);
    const known = this.typed.get(id);
    if (record && record.transcript !== '') this.conversations.onHook(window, { transcript: record.transcript });
    const message = {
      window,
      text,
      since: known?.since ?? record?.typedAt ?? 0,
      heard: known?.heard === true || record?.phase === 'received',
      queued: known?.queued === true,
    };
    if (message.since > 0) this.typed.set(id, message);
    return { ...message, refused: record?.phase === 'refused' };
  }

  private async progress({ window, text, since }: TypedMessage, id: string): Promise<TextProgress | null> {
    // Without the time of its typing an earlier message with the same text would count.
    return since === 0 ? null : this.conversations.progress(window, { id, text, since });
  }
}
