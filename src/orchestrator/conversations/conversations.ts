import type { HookData } from '../../core/agents/hookData';
import type { AgentManager } from '../agents/agentManager';
import { ConversationLog, type TextProgress } from './conversationLog';

/** Number of conversations kept per agent: a text may have been read just before the conversation was cleared. */
const MAX_CONVERSATIONS = 3;

/** A message whose way into an agent's conversation is followed. */
interface FollowedMessage {
  readonly id: string;
  /** As it is stored, before the profile makes it typable. */
  readonly text: string;
  /** Time at which its typing began, milliseconds. */
  readonly since: number;
}

/** The conversations of the agents here, as their CLIs store them. Hooks name the files. */
export class Conversations {
  private readonly logs = new Map<number, ConversationLog[]>();

  constructor(private readonly agents: Pick<AgentManager, 'profileOf'>) {}

  onHook(window: number, { transcript }: HookData): void {
    const profile = this.agents.profileOf(window);
    if (transcript === undefined || !profile?.readConversation) return;
    const known = this.logs.get(window) ?? [];
    if (known.at(-1)?.path === transcript) return;
    const log =
      known.find(({ path }) => path === transcript) ??
      new ConversationLog(transcript, (line) => profile.readConversation?.(line) ?? null);
    this.logs.set(window, [...known.filter((each) => each !== log), log].slice(-MAX_CONVERSATIONS));
  }

  /** Returns whether the present conversation of an agent can be read, so that it proves what the model has read. */
  async isReadable(window: number): Promise<boolean> {
    return (await this.logs.get(window)?.at(-1)?.update()) ?? false;
  }

  /** Returns how far a message has got; null when no file of this agent can be read, so that nobody can tell. */
  async progress(window: number, { id, text, since }: FollowedMessage): Promise<TextProgress | null> {
    const profile = this.agents.profileOf(window);
    if (!profile) return null;
    let best: TextProgress | null = null;
    for (const log of this.logs.get(window) ?? []) {
      if (!(await log.update())) continue;
      const found = log.progress(id, since, (got) => profile.sameText(text, got));
      if (found.kind === 'read') return found;
      if (best === null || found.kind !== 'absent') best = found;
    }
    return best;
  }
}
