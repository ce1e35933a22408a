import { readFile } from 'node:fs/promises';
import { COMMAND_ID } from '../../core/base/limits';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import type { InflightStore } from './receipts';

/**
 * Copies the text that is typed into each window to a private file, and reads it where Redis has lost it: a text that
 * TACO was typing at that moment stands in the input box, and only the file proves that it is not the user's draft.
 */
export class TypedTexts implements InflightStore {
  /** @param fileOf the file of a window */
  constructor(
    private readonly store: InflightStore,
    private readonly fileOf: (window: number) => string,
  ) {}

  async set(
    window: number,
    id: string,
    phase: 'typing' | 'typed' | 'entered',
    text: string,
    typedAt: number,
    queued: string,
  ): Promise<void> {
    // Before the first key, like the record itself. A full disk must not stop a message.
    if (phase === 'typing')
      await writeFileAtomic(this.fileOf(window), JSON.stringify({ id, text })).catch(() => undefined);
    await this.store.set(window, id, phase, text, typedAt, queued);
  }

  clear(window: number, id: string): Promise<void> {
    return this.store.clear(window, id);
  }

  record(window: number, id: string): ReturnType<InflightStore['record']> {
    return this.store.record(window, id);
  }

  async last(window: number): ReturnType<InflightStore['last']> {
    return (await this.store.last(window)) ?? (await this.copied(window));
  }

  private async copied(window: number): ReturnType<InflightStore['last']> {
    try {
      const value = JSON.parse(await readFile(this.fileOf(window), 'utf8')) as { id?: unknown; text?: unknown } | null;
      const { id, text } = value ?? {};
      return typeof id === 'string' && COMMAND_ID.test(id) && typeof text === 'string' ? { id, text } : null;
    } catch {
      return null;
    }
  }
}
