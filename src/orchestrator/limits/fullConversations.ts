import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { SerialQueue } from '../../core/base/serialQueue';
import { errorMessage } from '../../core/errors/tacoError';
import type { Command } from '../../core/models';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import type { LimitNotifier } from './limitNotifier';

export interface FullConversationsOptions {
  readonly notifier: Pick<LimitNotifier, 'compact' | 'contextFull' | 'goOn'>;
  readonly agents: Pick<AgentManager, 'here'>;
  readonly launcher: Pick<AgentLauncher, 'profile'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

const TICK_MS = 5000;
/** A conversation that is not shorter after this is left to the user, milliseconds: a summary may take minutes. */
const PATIENCE_MS = 4 * 60_000;

/**
 * Handles conversations that are too long for their model. Nothing is typed into such an agent except the command that
 * shortens the conversation, once; afterwards the agent continues, or the user is told.
 */
export class FullConversations implements DisposableLike {
  private readonly disposables = new DisposableStore();
  /** Conversations into which the command was sent. */
  private readonly compacted = new Set<string>();
  /** Conversations that the CLI has shortened after that. */
  private readonly shortened = new Set<string>();
  /** Since when each conversation is known as too long, milliseconds. */
  private readonly since = new Map<string, number>();
  private readonly work: SerialQueue;

  constructor(private readonly options: FullConversationsOptions) {
    this.work = this.disposables.add(
      new SerialQueue((error) => options.log.warn('context', { error: errorMessage(error) })),
    );
    const timer = setInterval(() => this.tick(), TICK_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
  }

  /** Returns whether this command must wait until the agent's conversation is shorter. */
  holds(record: AgentRecord, { type, sender }: Pick<Command, 'type' | 'sender'>): boolean {
    return isFull(record) && !(type === 'slash' && sender === 'TACO');
  }

  /** The model refused a turn because the conversation is too long. */
  onRefused(record: AgentRecord): void {
    const command = this.limitsOf(record)?.compact;
    const { sessionId } = record;
    if (command === undefined || this.shortened.has(sessionId)) return this.giveUp(record);
    // A text that stood in the CLI's own queue is refused after the first one; the command is on its way.
    if (this.compacted.has(sessionId)) return;
    this.compacted.add(sessionId);
    this.work.add(() => this.options.notifier.compact(record, command));
  }

  /** @param record the agent before the report */
  onHook(record: AgentRecord, event: string, data: HookData): void {
    // The same conversation starts again, shorter; a cleared one has another id and nothing to go on with.
    if (event !== 'SessionStart' || !isFull(record) || data.sessionId !== record.sessionId) return;
    this.shortened.add(record.sessionId);
    this.work.add(() => this.options.notifier.goOn(record.window, `compact:${record.sessionId}`));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private tick(): void {
    for (const record of this.options.agents.here.filter(isFull)) {
      const since = this.since.get(record.sessionId);
      if (since === undefined) this.since.set(record.sessionId, this.options.clock.now());
      else if (this.options.clock.now() - since > PATIENCE_MS) this.giveUp(record);
    }
  }

  private giveUp(record: AgentRecord): void {
    const remedy = this.limitsOf(record)?.remedies?.['context-full'] ?? '';
    this.work.add(() => this.options.notifier.contextFull(record, remedy));
  }

  private limitsOf({ profile }: AgentRecord): AgentProfile['limits'] {
    return this.options.launcher.profile(profile).limits;
  }
}

function isFull({ status, limitKind }: AgentRecord): boolean {
  return status === 'limited' && limitKind === 'context-full';
}
