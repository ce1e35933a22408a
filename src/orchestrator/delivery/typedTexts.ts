import { readFile } from 'node:fs/promises';
import { COMMAND_ID } from '../../core/base/limits';
import type { TypedText } from '../../core/messages/delivery';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import type { InflightStore } from './receipts';

/** Texts kept for each window: the one being typed, and the one before it, which its CLI may put back meanwhile. */
const REMEMBERED = 2;

/**
 * Keeps the last texts typed into each window, also in a private file for a later leader and for a Redis that has lost
 * its data: only they prove that a text in the input box is TACO's and no draft of the user.
 */
export class TypedTexts implements InflightStore {
  private readonly texts = new Map<number, readonly TypedText[]>();

  /** @param fileOf the file of a window */
  constructor(
    private readonly store: Omit<InflightStore, 'typed'>,
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
    // Before the first key, like the record itself.
    if (phase === 'typing') await this.add(window, { id, text });
    await this.store.set(window, id, phase, text, typedAt, queued);
  }

  clear(window: number, id: string): Promise<void> {
    return this.store.clear(window, id);
  }

  record(window: number, id: string): ReturnType<InflightStore['record']> {
    return this.store.record(window, id);
  }

  async typed(window: number): Promise<readonly TypedText[]> {
    const known = this.texts.get(window) ?? (await this.stored(window));
    this.texts.set(window, known);
    return known;
  }

  private async add(window: number, message: TypedText): Promise<void> {
    const earlier = (await this.typed(window)).filter(({ id }) => id !== message.id);
    const texts = [message, ...earlier].slice(0, REMEMBERED);
    this.texts.set(window, texts);
    // A full disk must not stop a message.
    await writeFileAtomic(this.fileOf(window), JSON.stringify(texts)).catch(() => undefined);
  }

  private async stored(window: number): Promise<readonly TypedText[]> {
    try {
      const value: unknown = JSON.parse(await readFile(this.fileOf(window), 'utf8'));
      return Array.isArray(value) ? value.filter(isTypedText).slice(0, REMEMBERED) : [];
    } catch {
      return [];
    }
  }
}

function isTypedText(value: unknown): value is TypedText {
  const { id, text } = (value ?? {}) as Partial<Record<keyof TypedText, unknown>>;
  return typeof id === 'string' && COMMAND_ID.test(id) && typeof text === 'string';
}
