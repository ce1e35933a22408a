/**
 * The terminal of the scripted agent: a composer between two rules, a transcript above it, dialogs in its place; drawn as Claude Code draws
 * its own, so that the same reading serves both. It knows nothing of what is said.
 */
import { EventEmitter } from 'node:events';
import { StringDecoder } from 'node:string_decoder';

const KEEP = 500;
const NBSP = '\u00a0';

/**
 * Events: `submit` (text), `answer` ('yes' | 'no'), `interrupt`.
 */
export class ScriptedTerminal extends EventEmitter {
  draft = '';
  /** What a simulated person types: shown in the composer before what comes from outside. */
  busy = false;
  dialog = null;
  queued = [];
  #transcript = [];
  #decoder = new StringDecoder('utf8');
  #pasting = false;
  #drawing = false;

  constructor(input, output) {
    super();
    this.output = output;
    input.setRawMode?.(true);
    input.resume();
    input.on('data', (data) => this.#read(this.#decoder.write(data)));
    output.on('resize', () => this.draw());
    output.write('\u001b[?2004h');
  }

  /** Adds lines to the transcript. */
  say(text) {
    this.#transcript.push(...text.split('\n'));
    this.#transcript = this.#transcript.slice(-KEEP);
    this.draw();
  }

  /** Opens a dialog in place of the composer, or closes it with null. */
  ask(dialog) {
    this.dialog = dialog;
    this.draw();
  }

  setBusy(busy) {
    this.busy = busy;
    this.draw();
  }

  setDraft(draft) {
    this.draft = draft;
    this.draw();
  }

  /** Draws once for all that changed in this turn of the event loop. */
  draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    setTimeout(() => {
      this.#drawing = false;
      this.output.write(this.#frame());
    }, 8);
  }

  #read(text) {
    let rest = text;
    while (rest !== '') {
      const paste = /^\u001b\[20([01])~/.exec(rest);
      const escape = /^\u001b(?:\[[0-9;?]*[A-Za-z~]|O[A-Za-z])/.exec(rest);
      if (paste) this.#pasting = paste[1] === '0';
      if (escape) {
        rest = rest.slice(escape[0].length);
        continue;
      }
      const char = String.fromCodePoint(rest.codePointAt(0));
      rest = rest.slice(char.length);
      if (this.dialog) this.#answer(char);
      else this.#type(char);
    }
    this.draw();
  }

  #answer(char) {
    if (char === '\r' || char === '1') this.#close('yes');
    else if (char === '2' || char === '\u001b') this.#close('no');
  }

  #close(answer) {
    this.dialog = null;
    this.emit('answer', answer);
  }

  #type(char) {
    if (char === '\r' && !this.#pasting) return this.#enter();
    if (char === '\r' || char === '\n') this.draft += '\n';
    else if (char === '\u0015') this.draft = this.draft.replace(/\n?[^\n]*$/, '');
    else if (char === '\u007f') this.draft = [...this.draft].slice(0, -1).join('');
    else if (char === '\u001b') this.emit('interrupt');
    else if (char >= ' ') this.draft += char;
  }

  #enter() {
    if (this.draft.endsWith('\\')) {
      this.draft = `${this.draft.slice(0, -1)}\n`;
      return;
    }
    const text = this.draft.trimEnd();
    if (text.trim() === '') return;
    this.draft = '';
    this.emit('submit', text);
  }

  #frame() {
    const columns = this.output.columns ?? 80;
    const height = this.output.rows ?? 24;
    const { lines, cursor } = this.dialog ? this.#dialogLines(columns) : this.#composerLines(columns, height);
    const space = Math.max(0, height - lines.length - 1);
    const above = this.#transcript.flatMap((line) => wrap(line, columns - 1)).slice(-space);
    const screen = [...above, ...lines];
    const row = above.length + cursor.row + 1;
    return `\u001b[?25l\u001b[H${screen.map((line) => `${line}\u001b[0m\u001b[K`).join('\r\n')}\u001b[J\u001b[${row};${cursor.column + 1}H\u001b[?25h`;
  }

  #composerLines(columns, height) {
    const rule = '─'.repeat(columns);
    const all = this.draft.split('\n').flatMap((line) => wrap(line, columns - 4));
    const shown = all.slice(-Math.max(3, Math.floor(height / 2) - 4));
    const hidden = all.length - shown.length;
    const note = ` ↑ ${hidden} more `;
    const upper = hidden > 0 ? `──${note}${'─'.repeat(Math.max(1, columns - note.length - 2))}` : rule;
    const head = [
      ...this.queued.map((text) => `\u001b[2m  ${wrap(text.split('\n')[0], columns - 30)[0]} · Press up to edit queued messages\u001b[0m`),
      ...(this.busy ? ['', '✻ Working… (esc to interrupt)'] : []),
      '',
    ];
    const rows = shown.map((row, index) => `${index === 0 && hidden === 0 ? `❯${NBSP}` : '  '}${row}`);
    const footer = `\u001b[2m  ${this.busy ? 'esc to interrupt' : 'scripted agent, no model'}`;
    const last = shown.at(-1) ?? '';
    return {
      lines: [...head, upper, ...rows, rule, footer],
      cursor: { row: head.length + shown.length, column: Math.min(columns - 1, 2 + width(last)) },
    };
  }

  #dialogLines(columns) {
    const { title, detail } = this.dialog;
    const lines = [
      '', '─'.repeat(columns), ` ${title}`, '', ...wrap(detail, columns - 4).map((line) => `   ${line}`), '', ' Do you want to proceed?', ' ❯ 1. Yes', '   2. No', '',
      ' Enter to confirm · Esc to cancel',
    ];
    return { lines, cursor: { row: lines.length - 4, column: 1 } };
  }
}

function width(text) {
  let cells = 0;
  for (const char of text) cells += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(char) ? 2 : /\p{M}|\u200d/u.test(char) ? 0 : 1;
  return cells;
}

/** Breaks at characters, as wide as they are drawn. */
function wrap(text, columns) {
  const rows = [''];
  let used = 0;
  for (const char of text) {
    const cells = width(char);
    if (used + cells > columns) {
      rows.push('');
      used = 0;
    }
    rows[rows.length - 1] += char;
    used += cells;
  }
  return rows;
}
