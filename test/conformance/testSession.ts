import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HoldReason } from '../../src/core/models';
import type { Bed } from './bed';
import { spawned } from './childProcess';
import type { PersonsEye } from './clis/cli';
import type { Seat, Sent } from './driver';
import { isOrder, order } from './model';
import type { MessageResult } from './types';
import { judge } from './verdict';

/** How long each sender gets until its message must have arrived, milliseconds: the bare one never tries again. */
const PATIENCE = { ours: 45_000, bare: 3000 };
/** A second copy would come this soon after the first, milliseconds. */
const AFTERMATH = 400;
/** When the bare steps have done what they will do to whatever is open, milliseconds after the last. */
const BARE_SETTLES = 900;

let tags = 0;

/** One case as it is played: the person's hands, the sender's messages, and what was seen. */
export class Stage {
  readonly problems: string[] = [];
  dialogsAnswered = 0;
  /** The case leaves the agent in a state that the next one can not use. */
  wornOut = false;
  /** Words of the person's own that must not be glued to a message. */
  readonly drafts: string[] = [];
  private readonly sends: Sent[] = [];
  private readonly results: MessageResult[] = [];
  private readonly clients: ChildProcess[] = [];
  private readonly since = Date.now();
  private readonly givenBefore: number;

  constructor(
    readonly bed: Bed,
    readonly seat: Seat,
  ) {
    this.givenBefore = bed.given(seat.sessionId).length;
  }

  /** A word that occurs nowhere else. */
  tag(): string {
    tags += 1;
    return `t${process.pid}x${tags}`;
  }

  get person(): PersonsEye {
    return this.bed.cli.person;
  }

  private get slowness(): number {
    return this.bed.cli.slowness ?? 1;
  }

  get isOurs(): boolean {
    return this.seat.kind === 'ours';
  }

  /** What the model was given since the case began, the person's own orders left out. */
  given(): string[] {
    return this.bed
      .given(this.seat.sessionId)
      .slice(this.givenBefore)
      .filter((text) => !isOrder(text));
  }

  async send(text: string): Promise<Sent> {
    const sent = await this.seat.send(text);
    this.sends.push(sent);
    return sent;
  }

  adopt(sent: Sent): Sent {
    this.sends.push(sent);
    return sent;
  }

  /** Waits until the message is judged: exactly there and reported, or its time is over. */
  async arrives(...sents: Sent[]): Promise<void> {
    const deadline = Date.now() + PATIENCE[this.seat.kind] * this.slowness;
    for (const sent of sents) {
      for (;;) {
        const report = await sent.report();
        const there = this.judged(sent, report).outcome !== 'lost';
        if (report.ended && (there || !report.success || Date.now() > deadline)) break;
        if (Date.now() > deadline) break;
        await sleep(40);
      }
    }
    await sleep(AFTERMATH);
  }

  private judged(sent: Sent, report: { success: boolean; words: string }): MessageResult {
    return judge({
      sent,
      report,
      given: this.given(),
      others: [...this.drafts, ...this.sends.filter((each) => each !== sent).map(({ text }) => text)],
      hooks: this.bed.hooks.events(),
      sessionId: this.seat.sessionId,
      isSame: (a, b) => this.bed.isSame(a, b),
    });
  }

  /** What became of each message, once the case is over. */
  async messages(): Promise<readonly MessageResult[]> {
    for (const sent of this.sends) this.results.push(this.judged(sent, await sent.report()));
    return this.results;
  }

  /** Ours: it is held for one of these reasons. The bare steps know no holds: their keys have been typed by then. */
  async held(sent: Sent, ...reasons: readonly HoldReason[]): Promise<void> {
    if (!this.isOurs) {
      await this.until('the three steps', 15, async () => (await sent.report()).ended);
      await sleep(BARE_SETTLES);
      return;
    }
    const seen = new Set<string>();
    const met = await this.until(
      `held: ${reasons.join(', ')}`,
      8,
      async () => {
        const now = await sent.held();
        if (now !== '') seen.add(now);
        return reasons.some((reason) => reason === now) || (await sent.report()).ended;
      },
      false,
    );
    if (!met || !reasons.some((reason) => seen.has(reason)))
      this.problem(
        `it was not held as ${reasons.join(' or ')} but as ${[...seen].join(', ') || (await sent.report()).words}`,
      );
    // Long enough for something to be typed that should not be.
    await sleep(600);
  }

  /** Resolves when the typing of the message has been under way for `ms`. */
  async isBeingTyped(sent: Sent, ms: number): Promise<void> {
    if (this.isOurs) await this.until('typing', 10, async () => (await sent.report()).words !== 'queued', false);
    await sleep(ms);
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** The screen as text, without styles. */
  async screen(): Promise<readonly string[]> {
    return (await this.seat.tmux('capture-pane', '-p', '-t', this.seat.pane))
      .split('\n')
      .map((line) => line.replace(/ +$/, ''));
  }

  async shows(what: RegExp, seconds = 15, required = true): Promise<boolean> {
    return this.until(String(what), seconds, async () => what.test((await this.screen()).join('\n')), required);
  }

  /** What stands in the composer; null when none is on the screen. */
  async composer(): Promise<string | null> {
    return this.person.composer(await this.screen())?.text ?? null;
  }

  /** An idle agent with a composer, whatever stands in it. */
  async isReady(): Promise<boolean> {
    const lines = await this.screen();
    const found = this.person.composer(lines);
    return found !== null && !this.person.isWorking(lines, found);
  }

  /** A slow CLI looks idle before its turn is over; a turn that was broken off has no end that a hook tells of, but its process has one. */
  isMidTurn(): boolean {
    if (this.bed.cli.slowness === undefined) return false;
    const events = this.bed.hooks.events().filter(({ sessionId }) => sessionId === this.seat.sessionId);
    return (
      events.findLastIndex(({ event }) => event === 'UserPromptSubmit') >
      events.findLastIndex(({ event }) => event === 'Stop' || event === 'SessionStart')
    );
  }

  /** The person runs a command of the CLI's own: Enter only once it is seen in the composer, or both may be taken for a paste. */
  async runs(command: string): Promise<void> {
    await this.types(command);
    await this.until(`typed: ${command}`, 10, async () => (await this.composer()) === command, false);
    await sleep(400);
    await this.keys('Enter');
  }

  async until(what: string, seconds: number, is: () => Promise<boolean>, required = true): Promise<boolean> {
    const deadline = Date.now() + seconds * this.slowness * 1000;
    while (!(await is())) {
      if (Date.now() > deadline) {
        if (required)
          throw new Error(
            `not within ${seconds} s: ${what}\n${(await this.screen())
              .filter((line) => line !== '')
              .slice(-20)
              .join('\n')}`,
          );
        return false;
      }
      await sleep(40);
    }
    return true;
  }

  /** The person presses keys by their tmux names. */
  async keys(...names: string[]): Promise<void> {
    await this.seat.tmux('send-keys', '-t', this.seat.pane, ...names);
  }

  /** The person types. */
  async types(text: string): Promise<void> {
    await this.seat.tmux('send-keys', '-t', this.seat.pane, '-l', '--', text);
  }

  /** The person types a prompt and sends it; resolves when the CLI has taken it. */
  async says(text: string): Promise<void> {
    const from = Date.now();
    await this.types(text);
    await this.until(
      `typed: ${text}`,
      10,
      async () => (await this.composer())?.replaceAll(/\s/g, '') === text.replaceAll(/\s/g, ''),
    );
    // Enter right behind what is typed is a newline for a CLI that tells pastes by their speed.
    if (this.slowness > 1) await sleep(200);
    await this.keys('Enter');
    await this.until(`the CLI takes: ${text}`, 10, async () => this.hookSince('UserPromptSubmit', from, text));
  }

  hookSince(event: string, from: number, prompt?: string): boolean {
    return this.bed.hooks
      .events()
      .some(
        (each) =>
          each.sessionId === this.seat.sessionId &&
          each.event === event &&
          each.at >= from - 1 &&
          (prompt === undefined || each.prompt.trim() === prompt),
      );
  }

  /** The person's prompt makes the model open a dialog; resolves with its tag once the dialog is on the screen. */
  async opens(word: 'permission' | 'question' | 'plan', shows = this.person.choice): Promise<string> {
    const tag = this.tag();
    await this.says(order(word, tag));
    await this.shows(shows);
    await sleep(150);
    return tag;
  }

  /** The person has typed something and has not sent it. */
  async writes(text: string): Promise<void> {
    this.drafts.push(text);
    await this.types(text);
    await this.until(`the draft ${text}`, 8, async () => (await this.composer()) === text);
  }

  /** A draft must stand as the person left it. */
  async draftStands(text: string): Promise<void> {
    const now = await this.composer();
    if (now !== text) this.problem(`the draft "${text}" became ${JSON.stringify(now?.slice(0, 80) ?? null)}`);
  }

  /** The person empties the composer. */
  async clears(): Promise<void> {
    await this.until(
      'an empty composer',
      15,
      async () => {
        const now = await this.composer();
        // A long draft has pushed the prompt sign off the pane: there is no composer to be read then.
        if (now !== null && this.person.empty.test(now)) return true;
        await this.keys(...this.person.clearKeys);
        await sleep(60);
        return false;
      },
      false,
    );
  }

  /** Counts the dialog as answered by the sender if it has an answer before the person gave one. */
  dialogStands(tag: string): boolean {
    if (this.isOpenYet(tag)) return true;
    this.dialogsAnswered += 1;
    return false;
  }

  /** False once the dialog that holds `tag` was answered. */
  isOpenYet(tag: string): boolean {
    return !this.bed.turns(this.seat.sessionId).some(({ answered }) => answered.some((input) => input.includes(tag)));
  }

  /** The messages reached the model in the order in which they were sent. */
  inOrder(sents: readonly Sent[]): void {
    const given = this.given();
    const places = sents.map((sent) => given.findIndex((text) => this.bed.isSame(sent.text, text)));
    if (places.some((place, index) => place < (places[index - 1] ?? -1)))
      this.problem(`they arrived in another order: ${places.join(', ')}`);
  }

  /** The composer and what is below it, or the whole screen when there is none. */
  async lowerScreen(): Promise<string> {
    const lines = await this.screen();
    return lines.slice(this.person.composer(lines)?.first ?? 0).join('\n');
  }

  /** SIGKILL for the process in the pane's foreground. */
  async killsAgent(): Promise<void> {
    const pid = Number(await this.seat.tmux('display-message', '-p', '-t', this.seat.pane, '#{pane_pid}'));
    const child = this.isOurs
      ? undefined
      : Number((await spawned('pgrep', ['-P', String(pid)], this.seat.tmuxEnv)).split('\n')[0]);
    process.kill(child ?? pid, 'SIGKILL');
  }

  /** The CLI has ended: its pane is dead, or a shell's prompt is back. */
  async hasExited(): Promise<boolean> {
    const dead = (await this.seat.tmux('display-message', '-p', '-t', this.seat.pane, '#{pane_dead}')).trim() === '1';
    return dead || (await this.composer()) === null;
  }

  /** A person's terminal: a client that shows the agent's window until the case is over. */
  async attaches(): Promise<ChildProcess> {
    const command = ['tmux', ...this.seat.tmuxPrefix, 'attach-session', '-t', this.seat.pane]
      .map((word) => `'${word}'`)
      .join(' ');
    const client = spawn('script', ['-qfc', `stty rows 50 cols 160; exec ${command}`, '/dev/null'], {
      env: { ...this.seat.tmuxEnv, TERM: 'xterm-256color' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.clients.push(client);
    await this.until('a client', 5, async () => {
      await this.seat.tmux('select-window', '-t', this.seat.pane);
      return (await this.seat.tmux('display-message', '-p', '-t', this.seat.pane, '#{window_active_clients_list}'))
        .split(',')
        .some((name) => name.startsWith('/dev/'));
    });
    return client;
  }

  detaches(): void {
    for (const client of this.clients.splice(0)) client.kill();
  }

  get seconds(): number {
    return Math.round((Date.now() - this.since) / 100) / 10;
  }
}
