/** The prompt about a plan for the user at the terminal. */
import { createInterface } from 'node:readline/promises';
import type { DisposableLike } from '../../core/base/disposable';
import type { Io } from '../runtime/io';

const QUESTION = 'Launch this team? [y]es, or say what Mother is to change: ';

/**
 * Asks one question at a time: an answer belongs to the latest plan, and to none when that plan is no longer pending.
 */
export class ApprovalPrompt implements DisposableLike {
  private asking: AbortController | null = null;
  /**
   * The previous question. Two readers of one terminal would both get the input, and the first to end would close it
   * for the other.
   */
  private before: Promise<unknown> = Promise.resolve();

  /** @param onGone called when the user presses Ctrl-C or the terminal is closed */
  constructor(
    private readonly io: Pick<Io, 'stdin' | 'stdout'>,
    private readonly onGone: () => void,
  ) {}

  /** Returns the user's answer, trimmed; null when the question is withdrawn, as by the next one. */
  ask(): Promise<string | null> {
    this.takeBack();
    const asking = new AbortController();
    this.asking = asking;
    const answer = this.before.then(() => this.question(asking));
    this.before = answer.catch(() => undefined);
    return answer;
  }

  /** Withdraws the question; false when none was open. */
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
