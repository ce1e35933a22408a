/** Separates the lines of `tmux -C` into answers and notifications. Pure; see tmux(1), CONTROL MODE. */

/** The answer to one command. `ours` is false for a command that tmux ran by itself (the attach). */
export interface ControlBlock {
  readonly lines: readonly string[];
  readonly ok: boolean;
  readonly ours: boolean;
}

export interface ControlHandler {
  block(block: ControlBlock): void;
  /** `%window-close @3` → name `window-close`, rest `@3`. */
  notification(name: string, rest: string): void;
}

const GUARD = /^%(begin|end|error) (\d+ \d+) (\d+)$/;

export class ControlProtocol {
  private buffer = '';
  private open: { readonly id: string; readonly ours: boolean; readonly lines: string[] } | undefined;
  constructor(private readonly handler: ControlHandler) {}

  /** Feeds a piece of the stream; a piece may end anywhere. */
  push(text: string): void {
    this.buffer += text;
    let from = 0;
    for (let at = this.buffer.indexOf('\n'); at >= 0; at = this.buffer.indexOf('\n', from)) {
      this.line(this.buffer.slice(from, at));
      from = at + 1;
    }
    this.buffer = this.buffer.slice(from);
  }

  private line(line: string): void {
    const guard = line.startsWith('%') ? GUARD.exec(line) : null;
    if (this.open) {
      // Only a guard with the number of the begin line ends a block, because a pane's text may look like any other
      // line.
      if (guard && guard[1] !== 'begin' && guard[2] === this.open.id) {
        const { lines, ours } = this.open;
        this.open = undefined;
        this.handler.block({ lines, ok: guard[1] === 'end', ours });
      } else {
        this.open.lines.push(line);
      }
      return;
    }
    if (guard?.[1] === 'begin') {
      this.open = { id: guard[2] ?? '', ours: (Number(guard[3]) & 1) === 1, lines: [] };
      return;
    }
    const space = line.indexOf(' ');
    if (line.startsWith('%'))
      this.handler.notification(
        space < 0 ? line.slice(1) : line.slice(1, space),
        space < 0 ? '' : line.slice(space + 1),
      );
  }
}
