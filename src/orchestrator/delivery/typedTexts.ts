import { readFile } from 'node:fs/promises';
import { COMMAND_ID } from '../../core/base/limits';
import type { TypedText } from '../../core/messages/delivery';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import type { InflightStore } from './receipts';

/**
 * Texts that are stored for each window: the one that is being typed, the one before it, which its CLI may put back
 * meanwhile, and those that its CLI queues while interrupts pass them.
 */
const REMEMBERED = 4;

/**
 * Stores the last texts typed into each window, also in a private file for a later leader and for a Redis that has lost
 * its data: only they prove that a text in the input box is TACO's and no draft of the user, and since when a text may
 * be in the conversation that another one has replaced in the in-flight record.
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
    if (phase === 'typing') await this.add(window, { id, text, typedAt });
    await this.store.set(window, id, phase, text, typedAt, queued);
  }

  clear(window: number, id: string): Promise<void> {
    return this.store.clear(window, id);
  }

  async record(window: number, id: string): ReturnType<InflightStore['record']> {
    const record = await this.store.record(window, id);
    if (record) return record;
    const typed = (await this.typed(window)).find((each) => each.id === id);
    return typed ? { phase: 'typed', typedAt: typed.typedAt, transcript: '' } : null;
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
      return Array.isArray(value) ? value.flatMap(typedTextOf).slice(0, REMEMBERED) : [];
    } catch {
      return [];
    }
  }
}

/** Returns the text that an entry of the file describes, or nothing; an older TACO stored no time. */
function typedTextOf(value: unknown): readonly TypedText[] {
  const { id, text, typedAt } = (value ?? {}) as Partial<Record<keyof TypedText, unknown>>;
  if (typeof id !== 'string' || !COMMAND_ID.test(id) || typeof text !== 'string') return [];
  return [{ id, text, typedAt: typeof typedAt === 'number' && typedAt > 0 ? typedAt : 0 }];
}
