import type { TerminalScreen, ScreenLine, ScreenRun } from '../../core/agents/agentProfile';

/** Facts of the pane that tmux reports besides its text (cells count from 0). */
export interface ScreenMeta {
  readonly width: number;
  readonly height: number;
  readonly cursorX: number;
  readonly cursorY: number;
  readonly cursorVisible: boolean;
}

type Style = Omit<ScreenRun, 'text'>;
const PLAIN: Style = { bold: false, dim: false, inverse: false, fg: '', bg: '' };

// An SGR sequence, or any other escape sequence (hyperlinks, charset shifts), which has no style and is dropped.
const ESCAPE =
  /\u001b\[([0-9;:]*)m|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[()][0-9A-B]|\u001b\[[0-?]*[ -/]*[@-~]|[\u000e\u000f]/g;

/** A row as last parsed: tmux's output, the style at its start, and the result. */
interface ReadRow {
  readonly raw: string;
  readonly before: Style;
  readonly line: ScreenLine;
  readonly after: Style;
}

/**
 * Parses the successive screens of one pane, as `capture-pane -p -e` prints them: one element per row. A style lasts
 * until it changes, even across rows. A row that has not changed since the last capture is the same object
 * again. Of fifty rows few change, so most are neither allocated again nor moved by the garbage collector.
 */
export class ScreenReader {
  private rows: readonly ReadRow[] = [];

  read(captureLines: readonly string[], meta: ScreenMeta): TerminalScreen {
    let style = PLAIN;
    this.rows = captureLines.map((raw, index) => {
      const known = this.rows[index];
      const row = known?.raw === raw && isSameStyle(known.before, style) ? known : readRow(ownCopy(raw), style);
      style = row.after;
      return row;
    });
    return {
      width: meta.width,
      height: meta.height,
      cursor: { x: meta.cursorX, y: meta.cursorY, visible: meta.cursorVisible },
      lines: this.rows.map(({ line }) => line),
    };
  }
}

function readRow(raw: string, before: Style): ReadRow {
  let style = before;
  const runs: ScreenRun[] = [];
  const add = (text: string): void => {
    if (text) runs.push({ text, ...style });
  };
  let from = 0;
  for (const match of raw.matchAll(ESCAPE)) {
    add(raw.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1] !== undefined) style = applySgr(style, match[1]);
  }
  add(raw.slice(from));
  return {
    raw,
    before,
    line: {
      text: runs
        .map((run) => run.text)
        .join('')
        .trimEnd(),
      runs,
    },
    after: style,
  };
}

/** Copies a row. Otherwise it would be a slice of tmux's whole output, up to 64 KB, which V8 would retain with it. */
function ownCopy(row: string): string {
  return Buffer.from(row).toString();
}

function isSameStyle(one: Style, other: Style): boolean {
  return (
    one === other ||
    (one.bold === other.bold &&
      one.dim === other.dim &&
      one.inverse === other.inverse &&
      one.fg === other.fg &&
      one.bg === other.bg)
  );
}

function applySgr(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/);
  let next = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] || '0';
    const value = Number(code);
    if (value === 0) next = PLAIN;
    else if (value === 1) next = { ...next, bold: true };
    else if (value === 2) next = { ...next, dim: true };
    else if (value === 22) next = { ...next, bold: false, dim: false };
    else if (value === 7) next = { ...next, inverse: true };
    else if (value === 27) next = { ...next, inverse: false };
    else if (value === 39) next = { ...next, fg: '' };
    else if (value === 49) next = { ...next, bg: '' };
    else if ((value >= 30 && value <= 37) || (value >= 90 && value <= 97)) next = { ...next, fg: code };
    else if ((value >= 40 && value <= 47) || (value >= 100 && value <= 107)) next = { ...next, bg: code };
    else if (value === 38 || value === 48 || value === 58) {
      // Extended colours have arguments: 5;N or 2;R;G;B.
      const count = codes[i + 1] === '5' ? 2 : codes[i + 1] === '2' ? 4 : 0;
      const colour = codes.slice(i, i + 1 + count).join(';');
      if (value === 38) next = { ...next, fg: colour };
      if (value === 48) next = { ...next, bg: colour };
      i += count;
    }
  }
  return next;
}
