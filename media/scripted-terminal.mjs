/**
 * The terminal side of the scripted agent: a composer between two rules, dialogs in its place, a transcript above. It
 * draws them as Claude Code 2.1 does, so that the same reader reads both.
 */
const RULE = '─';
const MOST_ROWS = 10;
const SPINNER = ['✢', '✳', '✶', '✻', '✽'];
const grey = (text) => `\x1b[38;5;246m${text}\x1b[39m`;
const faint = (text) => `\x1b[2m${text}\x1b[0m`;
const ruleGrey = (text) => `\x1b[38;5;244m${text}\x1b[39m`;
const blue = (text) => `\x1b[38;5;153m${text}\x1b[39m`;
const inverse = (text) => `\x1b[7m${text}\x1b[0m`;

/** Returns the cells of a character: none for marks and joiners, two for wide ones. */
function cellsOf(char) {
  if (/^[\p{M}\p{Cf}\ufe0f]$/u.test(char)) return 0;
  return /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/u.test(
    char,
  )
    ? 2
    : 1;
}
const width = (text) => [...text].reduce((sum, char) => sum + cellsOf(char), 0);

/** Returns one line as rows of at most `columns` cells, broken between words where possible. */
function wrap(line, columns) {
  const rows = [];
  let row = '';
  let used = 0;
  const next = () => {
    rows.push(row);
    row = '';
    used = 0;
  };
  for (const word of line.split(/(?<= )/)) {
    if (used > 0 && used + width(word.trimEnd()) > columns) next();
    for (const char of word) {
      if (used + cellsOf(char) > columns && char !== ' ') next();
      row += char;
      used += cellsOf(char);
    }
  }
  rows.push(row);
  return rows;
}

export class Terminal {
  /** @param on `{submit(text), interrupt(), exit()}` */
  constructor(input, output, on) {
    this.input = input;
    this.output = output;
    this.on = on;
    this.transcript = [];
    this.text = '';
    this.dialog = null;
    this.busy = '';
    this.queued = [];
    this.lastKeyAt = 0;
    this.leaving = 0;
    this.frame = 0;
    this.started = false;
  }

  /** Starts reading keys and drawing the screen. */
  start() {
    this.input.setRawMode?.(true);
    this.input.setEncoding('utf8');
    this.input.on('data', (data) => this.keys(data));
    this.input.on('end', () => this.on.exit());
    this.output.on('resize', () => this.draw());
    this.spin = setInterval(() => {
      this.frame += 1;
      if (this.busy) this.draw();
    }, 200);
    this.started = true;
    this.draw();
  }

  stop() {
    clearInterval(this.spin);
    this.started = false;
    this.input.setRawMode?.(false);
    this.output.write('\x1b[?25h\r\n');
  }

  print(...lines) {
    this.transcript.push(...lines.flatMap((line) => line.split('\n')));
    this.transcript.splice(0, Math.max(0, this.transcript.length - 500));
    this.draw();
  }

  setBusy(word) {
    this.busy = word;
    this.draw();
  }

  setText(text) {
    this.text = text;
    this.draw();
  }

  /**
   * Opens a dialog in the composer's place.
   * @returns `answer`: the number of the choice, 0 the first; `close(choice)` answers it from outside; `byKey()`:
   * whether a key did
   */
  ask(title, question, choices) {
    let settle;
    const answer = new Promise((resolve) => (settle = resolve));
    const dialog = { title, question, choices, selected: 0, byKey: false };
    dialog.close = (choice, byKey = false) => {
      if (this.dialog !== dialog) return;
      this.dialog = null;
      dialog.byKey = byKey;
      this.draw();
      settle(choice);
    };
    this.dialog = dialog;
    this.draw();
    return { answer, close: dialog.close, byKey: () => dialog.byKey };
  }

  keys(data) {
    this.lastKeyAt = Date.now();
    // Escape sequences are one key each; everything else is read character by character.
    for (const key of data.match(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^[]|[^]/gu) ?? []) {
      if (this.dialog) this.dialogKey(key);
      else this.composerKey(key);
    }
    this.draw();
  }

  dialogKey(key) {
    const { dialog } = this;
    const last = dialog.choices.length - 1;
    if (key === '\x1b[A') dialog.selected = Math.max(0, dialog.selected - 1);
    else if (key === '\x1b[B') dialog.selected = Math.min(last, dialog.selected + 1);
    else if (key === '\r') dialog.close(dialog.selected, true);
    else if (key === '\x1b' || key === '\x03') dialog.close(last, true);
    else if (/^[1-9]$/.test(key) && Number(key) <= dialog.choices.length) dialog.close(Number(key) - 1, true);
    // Any other key is ignored, as in the real CLIs.
  }

  composerKey(key) {
    if (key === '\r') this.enter();
    else if (key === '\n') this.text += '\n';
    else if (key === '\x15')
      this.text = this.text.endsWith('\n')
        ? this.text.slice(0, -1)
        : this.text.slice(0, this.text.lastIndexOf('\n') + 1);
    else if (key === '\x7f' || key === '\b') this.text = [...this.text].slice(0, -1).join('');
    else if (key === '\x1b') this.on.interrupt();
    else if (key === '\x03') this.controlC();
    else if (key >= ' ' && !key.startsWith('\x1b')) this.text += key;
  }

  enter() {
    if (this.text.endsWith('\\')) {
      this.text = `${this.text.slice(0, -1)}\n`;
      return;
    }
    const text = this.text.trimEnd();
    this.text = '';
    if (text.trim() !== '') this.on.submit(text);
  }

  controlC() {
    if (this.text) this.text = '';
    else if (Date.now() - this.leaving < 1000) this.on.exit();
    else this.leaving = Date.now();
  }

  /** Draws once after all events of this moment. */
  draw() {
    if (!this.started || this.drawing) return;
    this.drawing = true;
    setImmediate(() => {
      this.drawing = false;
      if (this.started) this.paint();
    });
  }

  paint() {
    const columns = this.output.columns || 80;
    const height = this.output.rows || 24;
    const bottom = this.dialog ? this.dialogRows(columns) : this.composerRows(columns, height);
    const room = Math.max(0, height - bottom.rows.length);
    const above =
      room > 0
        ? this.transcript
            .slice(-room)
            .flatMap((line) => wrap(line, columns))
            .slice(-room)
        : [];
    const rows = [...above, ...bottom.rows].slice(-height);
    const y = rows.length - bottom.rows.length + bottom.cursor.y;
    // Draw in one write, so that no capture shows half a screen.
    const body = rows.map((row, index) => `\x1b[${index + 1};1H\x1b[0m${row}\x1b[0m\x1b[K`).join('');
    const rest = rows.length < height ? `\x1b[${rows.length + 1};1H\x1b[J` : '';
    this.output.write(`\x1b[?25l${body}${rest}\x1b[${y + 1};${bottom.cursor.x + 1}H`);
  }

  composerRows(columns, height) {
    const rows = this.text.split('\n').flatMap((line) => wrap(line, columns - 4));
    const most = Math.max(1, Math.min(MOST_ROWS, height - 8));
    const hidden = Math.max(0, rows.length - most);
    const shown = rows.slice(hidden);
    const label = hidden > 0 ? `${RULE.repeat(3)} ↑ ${hidden} more ` : '';
    const sign = this.busy ? grey('❯\u00a0') : '❯\u00a0';
    const placeholder = this.text === '' && this.queued.length > 0 ? 'Press up to edit queued messages' : '';
    const cursor = placeholder ? inverse(placeholder[0]) + faint(placeholder.slice(1)) : inverse(' ');
    const draft = shown.map(
      (row, index) => (index === 0 && hidden === 0 ? sign : '  ') + row + (index === shown.length - 1 ? cursor : ''),
    );
    const work = this.busy ? ['', `\x1b[38;5;174m${SPINNER[this.frame % SPINNER.length]} ${this.busy}…\x1b[39m`] : [];
    const waiting = this.queued.flatMap((text) => [
      grey(`❯ ${[...text.split('\n')[0]].slice(0, columns - 4).join('')}`),
      grey('  ⎿  Queued · waits for this turn'),
    ]);
    const head = ['', ...work, ...waiting, ''];
    const foot = `  ${grey(this.busy ? 'esc to interrupt' : '? for shortcuts')}`;
    return {
      rows: [
        ...head,
        ruleGrey(label + RULE.repeat(columns - label.length)),
        ...draft,
        ruleGrey(RULE.repeat(columns)),
        foot,
      ],
      cursor: { x: Math.min(columns - 1, 2 + width(shown.at(-1) ?? '')), y: head.length + draft.length },
    };
  }

  dialogRows(columns) {
    const { title, question, choices, selected } = this.dialog;
    const lines = choices.map((choice, index) =>
      index === selected ? ` ${blue(`❯ ${index + 1}. ${choice}`)}` : `   ${index + 1}. ${choice}`,
    );
    const head = ['', blue(RULE.repeat(columns)), ` \x1b[1m${title}\x1b[0m`, '', ` ${question}`];
    return {
      rows: [...head, ...lines, '', ` ${grey('Enter to confirm · Esc to cancel')}`],
      cursor: { x: 1, y: head.length + selected },
    };
  }
}
