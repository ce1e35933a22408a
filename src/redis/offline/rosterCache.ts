/** Who is in the team, kept on disk for the time Redis is away: a message to somebody known can then wait in the spool. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isTacoError } from '../../core/base/errors';
import type { Roster } from '../../core/messages/recipients';
import { isTransient } from '../client/redisCommands';

export class RosterCache {
  private readonly file: string;
  private last = '';

  /** @param projectDir the project's folder below TACO_HOME */
  constructor(projectDir: string) {
    this.file = join(projectDir, 'roster.json');
  }

  /** What `ask` says, which is kept; while Redis is away, what was kept last. Throws what `ask` throws where nothing is kept. */
  async getOrCached(ask: () => Promise<Roster>): Promise<Roster> {
    try {
      const roster = await ask();
      await this.keep(roster);
      return roster;
    } catch (error) {
      if (isTacoError(error, 'no-session')) await this.clear();
      const kept = isTransient(error) ? await this.read() : null;
      // Without a roster nobody can say where the message is to go, so it is not taken.
      if (kept === null) throw error;
      return kept;
    }
  }

  /** The team is no more: nothing that is sent from now on is for it. */
  async clear(): Promise<void> {
    this.last = '';
    await rm(this.file, { force: true }).catch(() => undefined);
  }

  /** Keeps the roster, if it changed. Never throws: a message is not refused because its roster could not be kept. */
  private async keep({ tmuxSession, agents }: Roster): Promise<void> {
    const text = JSON.stringify({
      tmuxSession,
      agents: agents.map(({ window, name, host }) => ({ window, name, ...(host ? { host } : {}) })),
    } satisfies Roster);
    if (text === this.last) return;
    this.last = text;
    try {
      if ((await readFile(this.file, 'utf8').catch(() => '')) === text) return;
      await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
      const temporary = `${this.file}.${process.pid}`;
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, this.file);
    } catch {
      // A full or read-only disk: the spool would say so itself.
    }
  }

  /** The roster that was kept; null when there is none that can be believed. */
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
