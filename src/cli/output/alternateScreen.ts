import type { DisposableLike } from '../../core/base/disposable';
import { cellsOf } from './terminalText';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/**
 * A terminal in full-screen mode: alternate screen, no cursor, no echo. Restored on disposal, and at every end of the
 * process except kill -9.
 */
export class AlternateScreen implements DisposableLike {
  private last = '';
  private taken = true;
  private readonly restore = () => this.dispose();

  /** `onQuit` is called for Ctrl-C and q, since raw mode sends no signals. */
  constructor(
    private readonly output: NodeJS.WriteStream,
    private readonly input: NodeJS.ReadStream,
    private readonly onQuit: () => void,
  ) {
    output.write(ENTER);
    if (input.isTTY) {
      input.setRawMode(true);
      input.on('data', this.onKey);
      input.resume();
    }
    process.once('exit', this.restore);
  }

  get columns(): number {
    return this.output.columns || 80;
  }

  get rows(): number {
    return this.output.rows || 24;
  }

  /** Draws over the old lines and erases only behind them, so nothing flickers; skips an unchanged frame. */
  draw(lines: readonly string[], force = false): void {
    if (!this.taken) return;
    const below = lines.length < this.rows ? '\r\n\u001b[J' : '';
    const frame = `\u001b[H${lines.map((line) => line + this.eraseAfter(line)).join('\r\n')}${below}`;
    if (frame === this.last && !force) return;
    this.last = frame;
    this.output.write(frame);
  }

  dispose(): void {
    if (!this.taken) return;
    this.taken = false;
    process.off('exit', this.restore);
    if (this.input.isTTY) {
      this.input.off('data', this.onKey);
      this.input.setRawMode(false);
      this.input.pause();
    }
    this.output.write(LEAVE);
  }

  /** Behind a full line the cursor is on its last cell, which an erase would delete. */
  private eraseAfter(line: string): string {
    return cellsOf(line.replace(/\u001b\[[0-9;]*m/g, '')) < this.columns ? '\u001b[K' : '';
  }

  private readonly onKey = (data: Buffer | string): void => {
    if (/[\u0003q]/.test(data.toString())) this.onQuit();
  };
}
