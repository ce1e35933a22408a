import type { TerminalScreen, ScreenLine, ScreenRun } from '../../core/agents/agentProfile';

/** What tmux says of the pane beside its text (cells from 0). */
export interface ScreenMeta {
  readonly width: number;
  readonly height: number;
  readonly cursorX: number;
  readonly cursorY: number;
  readonly cursorVisible: boolean;
}

type Style = Omit<ScreenRun, 'text'>;
const PLAIN: Style = { bold: false, dim: false, inverse: false, fg: '', bg: '' };

// An SGR sequence; any other escape sequence (hyperlinks, charset shifts) styles nothing and is dropped.
const ESCAPE =
  /\u001b\[([0-9;:]*)m|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[()][0-9A-B]|\u001b\[[0-?]*[ -/]*[@-~]|[\u000e\u000f]/g;

/** Reads `capture-pane -p -e`: one element per row. A style lasts until it is changed, also over rows. */
export function parseScreen(captureLines: readonly string[], meta: ScreenMeta): TerminalScreen {
  return new ScreenReader().read(captureLines, meta);
}

/** A row as it was last read: what tmux wrote, the style it began in, and what came of it. */
interface ReadRow {
  readonly raw: string;
  readonly before: Style;
  readonly line: ScreenLine;
  readonly after: Style;
}

/**
 * Reads the screens of one pane, look after look. A row that is as it was at the last look is the same object again: of fifty
 * rows few change, and what is kept between two looks is then neither made anew nor moved about by the garbage collector.
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

/** A row is a part of what was read from tmux at once, up to 64 KB that V8 would keep as long as the row is kept. */
function ownCopy(row: string): string {
  return Buffer.from(row).toString();
}

function isSameStyle(one: Style, other: Style): boolean {
  return (
    one === other ||
    (one.bold === other.bold && one.dim === other.dim && one.inverse === other.inverse && one.fg === other.fg)
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
      // Extended colours carry their arguments with them: 5;N or 2;R;G;B.
      const count = codes[i + 1] === '5' ? 2 : codes[i + 1] === '2' ? 4 : 0;
      const colour = codes.slice(i, i + 1 + count).join(';');
      if (value === 38) next = { ...next, fg: colour };
      if (value === 48) next = { ...next, bg: colour };
      i += count;
    }
  }
  return next;
}
