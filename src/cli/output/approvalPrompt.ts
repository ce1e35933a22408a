/** What the person at the terminal is asked about a plan. */
import { createInterface } from 'node:readline/promises';
import type { DisposableLike } from '../../core/base/disposable';
import type { Io } from '../runtime/io';

const QUESTION = 'Launch this team? [y]es, or say what Mother is to change: ';

/** One question at a time: an answer belongs to the plan that was asked about last, and to none when that waits no more. */
export class ApprovalPrompt implements DisposableLike {
  private asking: AbortController | null = null;
  /** Two that read one terminal would both get what is typed, and the first to end would take it from the other. */
  private before: Promise<unknown> = Promise.resolve();

  /** @param onGone the person has pressed Ctrl-C, or the terminal is gone */
  constructor(
    private readonly io: Pick<Io, 'stdin' | 'stdout'>,
    private readonly onGone: () => void,
  ) {}

  /** What the person says, trimmed; null when it is taken back, as by the next. */
  ask(): Promise<string | null> {
    this.takeBack();
    const asking = new AbortController();
    this.asking = asking;
    const answer = this.before.then(() => this.question(asking));
    this.before = answer.catch(() => undefined);
    return answer;
  }

  /** False when nothing was asked. */
  takeBack(): boolean {
    const { asking } = this;
    this.asking = null;
    asking?.abort();
    return asking !== null;
  }

  dispose(): void {
    this.takeBack();
  }

  private async question(asking: AbortController): Promise<string | null> {
    const prompt = createInterface({ input: this.io.stdin, output: this.io.stdout });
    prompt.on('SIGINT', this.onGone);
    prompt.on('error', this.onGone);
    try {
      return (await prompt.question(QUESTION, { signal: asking.signal })).trim();
    } catch (error) {
      if (asking.signal.aborted) return null;
      throw error;
    } finally {
      prompt.close();
      if (this.asking === asking) this.asking = null;
    }
  }
}
