import type { ConversationSign } from '../../core/agents/conversationSign';
import type { Reading } from '../../core/messages/readingNote';
import { JsonLinesTail } from './jsonLinesTail';

/** Number of the latest texts that are kept; a message is looked for soon after it was typed. */
const MAX_TEXTS = 500;

/** How far a text has got in one conversation. */
export type TextProgress =
  /** The conversation holds it: the model has it, also after a resume. */
  | { readonly kind: 'read'; readonly reading: Reading }
  /** It is in the CLI's own queue. */
  | { readonly kind: 'queued' }
  /** The CLI put it back into its input box. */
  | { readonly kind: 'returned' }
  | { readonly kind: 'absent' };

interface LoggedText {
  readonly kind: 'prompt' | 'steered' | 'queued' | 'returned';
  readonly text: string;
  readonly at: number;
  /** Id of the message that was recognised in it: one entry proves one message. */
  owner?: string;
  reading?: Reading;
}

/** Reads from a CLI's own file what it proves about the texts of one conversation. Each check reads only new lines. */
export class ConversationLog {
  private readonly tail: JsonLinesTail;
  private texts: LoggedText[] = [];
  private turn = 0;
  private calls = 0;
  private lastCall: string | undefined;
  /** Texts that the model read within the turn, without a call or an answer since. */
  private open: LoggedText[] = [];
  private checking: Promise<boolean> = Promise.resolve(false);

  constructor(
    readonly path: string,
    private readonly readLine: (line: string) => ConversationSign | null,
  ) {
    this.tail = new JsonLinesTail(path);
  }

  /** Reads the new lines; returns false when the file cannot be read. */
  update(): Promise<boolean> {
    this.checking = this.checking.then(
      () => this.tail.read((line) => this.take(this.readLine(line))),
      () => false,
    );
    return this.checking;
  }

  /**
   * Returns how far message `id` has got, of the texts that were logged at `since` or later.
   * @param isIt returns whether a text is the message
   */
  progress(id: string, since: number, isIt: (text: string) => boolean): TextProgress {
    const own = this.texts.filter(
      ({ text, at, owner }) => owner === id || (owner === undefined && at >= since && isIt(text)),
    );
    const read = own.find(({ kind }) => kind === 'prompt' || kind === 'steered');
    if (read?.reading) {
      read.owner = id;
      return { kind: 'read', reading: read.reading };
    }
    const last = own.at(-1);
    return { kind: last === undefined ? 'absent' : last.kind === 'returned' ? 'returned' : 'queued' };
  }

  private take(sign: ConversationSign | null): void {
    switch (sign?.kind) {
      case 'prompt':
        this.turn += 1;
        this.calls = 0;
        this.lastCall = undefined;
        this.open = [];
        this.add({ ...sign, reading: { turn: this.turn, began: true, calls: 0 } });
        return;
      case 'steered': {
        const { turn, calls, lastCall } = this;
        const after = lastCall === undefined ? {} : { after: lastCall };
        this.open.push(this.add({ ...sign, reading: { turn, began: false, calls, ...after } }));
        return;
      }
      case 'queued':
      case 'returned':
        this.add({ ...sign });
        return;
      case 'call':
        this.close({ before: sign.does });
        this.calls += 1;
        this.lastCall = sign.does;
        return;
      case 'answer':
        this.close({ answered: true });
        return;
      case undefined:
    }
  }

  private close(followed: Pick<Reading, 'before' | 'answered'>): void {
    for (const text of this.open) if (text.reading) text.reading = { ...text.reading, ...followed };
    this.open = [];
  }

  private add(text: LoggedText): LoggedText {
    this.texts.push(text);
    if (this.texts.length > 2 * MAX_TEXTS) this.texts = this.texts.slice(-MAX_TEXTS);
    return text;
  }
}
