/** A line of a terminal with its colours, as runs of one style. Pure. */

/** A colour: the number of one of the terminal's 16, else `#rrggbb`. */
export type TerminalColor = number | string;

export interface TerminalRun {
  readonly text: string;
  readonly color?: TerminalColor;
  readonly background?: TerminalColor;
  readonly bold?: true;
  readonly dim?: true;
  readonly inverse?: true;
}
type Style = Omit<TerminalRun, 'text'>;

/** An SGR sequence, or any other escape sequence or control byte, which is dropped. */
const SEQUENCE =
  /\u001b\[([\d;:]*)m|\u001b\[[\d;?:]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b.|[\u0000-\u001f\u007f-\u009f]/g;
const MAX_COLUMNS = 400;

/** Returns the runs of a line as `capture-pane -e` prints it. `style`: that of the line's beginning, kept over lines. */
export function terminalRuns(
  line: string,
  style: Style = {},
): { readonly runs: readonly TerminalRun[]; readonly style: Style } {
  const runs: TerminalRun[] = [];
  let now = style;
  let from = 0;
  let left = MAX_COLUMNS;
  const add = (text: string): void => {
    if (text === '' || left <= 0) return;
    runs.push({ text: text.slice(0, left), ...now });
    left -= text.length;
  };
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1] !== undefined) now = applied(now, match[1]);
  }
  add(line.slice(from));
  return { runs, style: now };
}

function applied(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let next: Record<string, TerminalColor | true> = { ...style };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next['bold'] = true;
    else if (code === 2) next['dim'] = true;
    else if (code === 22) {
      delete next['bold'];
      delete next['dim'];
    } else if (code === 7) next['inverse'] = true;
    else if (code === 27) delete next['inverse'];
    else if (code === 39) delete next['color'];
    else if (code === 49) delete next['background'];
    else if (code === 38 || code === 48) {
      const { color, used } = extended(codes.slice(i + 1));
      if (color !== null) next[code === 38 ? 'color' : 'background'] = color;
      i += used;
    } else if (code >= 30 && code <= 37) next['color'] = code - 30;
    else if (code >= 90 && code <= 97) next['color'] = code - 82;
    else if (code >= 40 && code <= 47) next['background'] = code - 40;
    else if (code >= 100 && code <= 107) next['background'] = code - 92;
  }
  return next;
}

/** Reads `5;N` or `2;R;G;B` after 38 or 48. */
function extended([kind, ...rest]: readonly number[]): { readonly color: TerminalColor | null; readonly used: number } {
  if (kind === 5) return { color: indexed(rest[0] ?? 0), used: 2 };
  if (kind !== 2) return { color: null, used: 1 };
  return { color: hex(rest.slice(0, 3)), used: 4 };
}

function indexed(index: number): TerminalColor {
  if (index < 16) return Math.max(0, index);
  if (index >= 232) return hex(Array<number>(3).fill(8 + (Math.min(index, 255) - 232) * 10));
  const cube = index - 16;
  return hex(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => (level === 0 ? 0 : 55 + level * 40)),
  );
}

function hex(parts: readonly number[]): string {
  const byte = (value = 0): string =>
    Math.min(255, Math.max(0, Math.round(value) || 0))
      .toString(16)
      .padStart(2, '0');
  return `#${byte(parts[0])}${byte(parts[1])}${byte(parts[2])}`;
}
