import type { PreviewsPost } from '../../core/webviews/monitorProtocol';
import type { TerminalColor, TerminalRun } from '../../core/webviews/terminalRuns';
import { h } from './dom';

/** VS Code's names of a terminal's 16 colours. */
const NAMES = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'] as const;

/** Draws the last lines of a terminal with its colours. Text is always set as text. */
export function drawTerminal(element: HTMLElement, lines: PreviewsPost['terminals'][number]['lines']): void {
  const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 4;
  element.replaceChildren(...lines.map((runs) => h('div', {}, ...runs.map(runElement), runs.length === 0 && ' ')));
  if (atEnd) element.scrollTop = element.scrollHeight;
}

function runElement({ text, color, background, bold, dim, inverse }: TerminalRun): HTMLElement {
  const element = h('span', { class: [bold && 'bold', dim && 'dim'].filter(Boolean).join(' ') }, text);
  const [front, back] = inverse
    ? [cssOf(background) ?? 'var(--terminal-back)', cssOf(color) ?? 'var(--terminal-front)']
    : [cssOf(color), cssOf(background)];
  // Mixed with the theme's own text colour, as VS Code's terminals also raise a low contrast.
  if (front) element.style.color = `color-mix(in srgb, ${front} 60%, var(--terminal-front))`;
  if (back) element.style.backgroundColor = back;
  return element;
}

function cssOf(color: TerminalColor | undefined): string | null {
  if (color === undefined) return null;
  if (typeof color === 'string') return /^#[0-9a-f]{6}$/.test(color) ? color : null;
  return `var(--vscode-terminal-ansi${color >= 8 ? 'Bright' : ''}${NAMES[color % 8] ?? 'White'})`;
}
