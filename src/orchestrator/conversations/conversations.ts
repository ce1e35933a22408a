import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { HookData } from '../../core/agents/hookData';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
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

/**
 * The conversations of the agents here, as their CLIs store them. Hooks name the files. Their paths are also in a private
 * file for each window: an agent that works sends no hook for a long time, and a new leader must know what it has read.
 */
export class Conversations {
  private readonly logs = new Map<number, ConversationLog[]>();
  /** Reads the paths of an earlier leader, once for each window. */
  private readonly recalled = new Map<number, Promise<void>>();
  private writing: Promise<void> = Promise.resolve();

  /** @param fileOf the file of a window */
  constructor(
    private readonly agents: Pick<AgentManager, 'profileOf'>,
    private readonly fileOf: (window: number) => string,
  ) {}

  onHook(window: number, { transcript }: HookData): void {
    const profile = this.agents.profileOf(window);
    if (transcript === undefined || !profile?.readConversation) return;
    const known = this.logs.get(window) ?? [];
    if (known.at(-1)?.path === transcript) return;
    const log = known.find(({ path }) => path === transcript) ?? logOf(transcript, profile);
    this.logs.set(window, [...known.filter((each) => each !== log), log].slice(-MAX_CONVERSATIONS));
    this.store(window);
  }

  /** Returns whether the present conversation of an agent can be read, so that it proves what the model has read. */
  async isReadable(window: number): Promise<boolean> {
    return (await (await this.logsOf(window)).at(-1)?.update()) ?? false;
  }

  /** Returns how far a message has got; null when no file of this agent can be read, so that nobody can tell. */
  async progress(window: number, { id, text, since }: FollowedMessage): Promise<TextProgress | null> {
    const profile = this.agents.profileOf(window);
    if (!profile) return null;
    let best: TextProgress | null = null;
    for (const log of await this.logsOf(window)) {
      if (!(await log.update())) continue;
      const found = log.progress(id, since, (got) => profile.sameText(text, got));
      if (found.kind === 'read') return found;
      if (best === null || found.kind !== 'absent') best = found;
    }
    return best;
  }

  /** Resolves when the paths known so far are stored. */
  stored(): Promise<void> {
    return this.writing;
  }

  private async logsOf(window: number): Promise<readonly ConversationLog[]> {
    if (!this.recalled.has(window)) this.recalled.set(window, this.recall(window));
    await this.recalled.get(window);
    return this.logs.get(window) ?? [];
  }

  /** Puts the paths of an earlier leader before those that hooks have named since. */
  private async recall(window: number): Promise<void> {
    const paths = await readPaths(this.fileOf(window));
    const profile = this.agents.profileOf(window);
    const known = this.logs.get(window) ?? [];
    const earlier = paths.filter((path) => !known.some((log) => log.path === path));
    if (earlier.length === 0 || !profile?.readConversation) return;
    const logs = [...earlier.map((path) => logOf(path, profile)), ...known];
    this.logs.set(window, logs.slice(-MAX_CONVERSATIONS));
  }

  /** Stores the paths in order; a full disk must not stop a message. */
  private store(window: number): void {
    // The first hook after a change of the leader must not remove what the earlier leader knew.
    const recalled = this.recalled.get(window) ?? this.recall(window);
    this.recalled.set(window, recalled);
    this.writing = Promise.all([this.writing, recalled])
      .then(() => (this.logs.get(window) ?? []).map(({ path }) => path))
      .then((paths) => writeFileAtomic(this.fileOf(window), JSON.stringify(paths)))
      .catch(() => undefined);
  }
}

function logOf(path: string, profile: AgentProfile): ConversationLog {
  return new ConversationLog(path, (line) => profile.readConversation?.(line) ?? null);
}

async function readPaths(file: string): Promise<readonly string[]> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(value)
      ? value.filter((path): path is string => typeof path === 'string' && isAbsolute(path))
      : [];
  } catch {
    return [];
  }
}
