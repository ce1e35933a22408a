/** Caches the team's roster on disk while Redis is unreachable, so that a message to a known agent can be spooled. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTacoError } from '../../core/errors/tacoError';
import type { Roster } from '../../core/messages/recipients';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { isTransient } from '../client/redisCommands';

export class RosterCache {
  private readonly file: string;
  private last = '';

  /** @param projectDir the project's folder below TACO_HOME */
  constructor(projectDir: string) {
    this.file = join(projectDir, 'roster.json');
  }

  /**
   * Returns and caches the roster that `ask` returns; falls back to the cached one while Redis is unreachable. Throws
   * the error of `ask` when nothing is cached.
   */
  async getOrCached(ask: () => Promise<Roster>): Promise<Roster> {
    try {
      const roster = await ask();
      await this.keep(roster);
      return roster;
    } catch (error) {
      if (isTacoError(error, 'no-session')) await this.clear();
      const cached = isTransient(error) ? await this.read() : null;
      // Without a roster the receiver cannot be resolved, so the message is refused.
      if (cached === null) throw error;
      return cached;
    }
  }

  /** Removes the cached roster: the team has ended, so no later message is for it. */
  async clear(): Promise<void> {
    this.last = '';
    await rm(this.file, { force: true }).catch(() => undefined);
  }

  /** Caches the roster if it changed. Never throws: a failure to cache must not refuse a message. */
  private async keep({ tmuxSession, agents }: Roster): Promise<void> {
    const text = JSON.stringify({
      tmuxSession,
      agents: agents.map(({ window, name, host }) => ({ window, name, ...(host ? { host } : {}) })),
    } satisfies Roster);
    if (text === this.last) return;
    this.last = text;
    try {
      if ((await readFile(this.file, 'utf8').catch(() => '')) === text) return;
      await writeFileAtomic(this.file, text);
    } catch {
      // The disk is full or read-only; writing to the spool would report that.
    }
  }

  /** Returns the cached roster; null when none exists or it is invalid. */
  private async read(): Promise<Roster | null> {
    try {
      const { tmuxSession, agents } = JSON.parse(await readFile(this.file, 'utf8')) as Partial<Roster>;
      if (typeof tmuxSession !== 'string' || !Array.isArray(agents)) return null;
      const good = agents.filter(
        ({ window, name }: Roster['agents'][number]) => Number.isInteger(window) && typeof name === 'string',
      );
      return { tmuxSession, agents: good };
    } catch {
      return null;
    }
  }
}
