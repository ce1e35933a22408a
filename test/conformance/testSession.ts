import { spawn, type ChildProcess } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HoldReason } from '../../src/core/messages/messageState';
import { waitUntil } from '../support/waitUntil';
import type { Bed } from './bed';
import { spawned } from './childProcess';
import type { UserView } from './clis/cli';
import type { Seat, Sent } from './driver';
import { isOrder, order } from './model';
import type { MessageResult } from './types';
import { judge } from './verdict';

/** Time limit of each sender for a message to arrive, milliseconds: the bare one never retries. */
const PATIENCE = { ours: 45_000, bare: 3000 };
/** Time in which a second copy would follow the first, milliseconds. */
const AFTERMATH = 400;
/** Time after which the last bare step has had its effect on any open dialog, milliseconds. */
const BARE_SETTLES = 900;

/** Other load on the machine makes every limit longer; at most so many times. */
const MAX_LOAD_FACTOR = 6;

/** Returns the factor on time limits: 1 up to two running processes a core. */
function loadFactor(): number {
  return Math.min(MAX_LOAD_FACTOR, Math.max(1, (loadavg()[0] ?? 0) / cpus().length / 2));
}

let tags = 0;

/** One running case: the user's keys, the sender's messages, and the observations. */
export class Stage {
  readonly problems: string[] = [];
  dialogsAnswered = 0;
  /** True when the case leaves the agent in a state that the next case cannot use. */
  wornOut = false;
  /** Words of the user that must not be merged into a message. */
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

  /** Returns a word that occurs nowhere else. */
  tag(): string {
    tags += 1;
    return `t${process.pid}x${tags}`;
  }

  get user(): UserView {
    return this.bed.cli.user;
  }

  private get slowness(): number {
    return this.bed.cli.slowness ?? 1;
  }

  get isOurs(): boolean {
    return this.seat.kind === 'ours';
  }

  /** Returns the user's texts that the model got since the case began, without the user's own orders. */
  given(): string[] {
    return this.bed
      .given(this.seat.sessionId)
      .slice(this.givenBefore)
      .filter((text) => !isOrder(text));
  }

  async send(text: string, when?: 'idle'): Promise<Sent> {
    const sent = await this.seat.send(text, when);
    this.sends.push(sent);
    return sent;
  }

  /** Waits until the message is judged: exactly received and reported, or its time limit has passed. */
  async arrives(...sents: Sent[]): Promise<void> {
    const deadline = Date.now() + PATIENCE[this.seat.kind] * this.slowness * (this.isOurs ? loadFactor() : 1);
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

  /** Returns the result of each message after the case. */
  async messages(): Promise<readonly MessageResult[]> {
    for (const sent of this.sends) this.results.push(this.judged(sent, await sent.report()));
    return this.results;
  }

  /**
   * Waits until TACO holds the message for one of these reasons. The bare steps have no holds: their keys were typed by
   * then.
   */
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
    // Long enough for an unwanted key to be typed.
    await sleep(600);
  }

  /** Resolves when the typing of the message has lasted for `ms`. */
  async isBeingTyped(sent: Sent, ms: number): Promise<void> {
    if (this.isOurs) await this.until('typing', 10, async () => (await sent.report()).words !== 'queued', false);
    await sleep(ms);
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** Returns the screen as text, without styles. */
  async screen(): Promise<readonly string[]> {
    return (await this.seat.tmux('capture-pane', '-p', '-t', this.seat.pane))
      .split('\n')
      .map((line) => line.replace(/ +$/, ''));
  }

  async shows(what: RegExp, seconds = 15, required = true): Promise<boolean> {
    return this.until(String(what), seconds, async () => what.test((await this.screen()).join('\n')), required);
  }

  /** Returns the text of the composer; null when none is on the screen. */
  async composer(): Promise<string | null> {
    return this.user.composer(await this.screen())?.text ?? null;
  }

  /** Returns whether the agent is idle and shows a composer, whatever its text. */
  async isReady(): Promise<boolean> {
    const lines = await this.screen();
    const found = this.user.composer(lines);
    return found !== null && !this.user.isWorking(lines, found);
  }

  /**
   * Returns whether a turn is running. A slow CLI looks idle before its turn has ended. No hook reports the end of an
   * interrupted turn, but its process ends.
   */
  isMidTurn(): boolean {
    if (this.bed.cli.slowness === undefined) return false;
    const events = this.bed.hooks.events().filter(({ sessionId }) => sessionId === this.seat.sessionId);
    return (
      events.findLastIndex(({ event }) => event === 'UserPromptSubmit') >
      events.findLastIndex(({ event }) => event === 'Stop' || event === 'SessionStart')
    );
  }

  /**
   * Runs a command of the CLI as the user does. Presses Enter only once the composer shows it, or both may count as a
   * paste.
   */
  async runs(command: string): Promise<void> {
    await this.types(command);
    await this.until(`typed: ${command}`, 10, async () => (await this.composer()) === command, false);
    await sleep(400);
    await this.keys('Enter');
  }

  async until(what: string, seconds: number, is: () => Promise<boolean>, required = true): Promise<boolean> {
    const lastRows = async (): Promise<string> =>
      (await this.screen())
        .filter((line) => line !== '')
        .slice(-20)
        .join('\n');
    // A wait that may end without its condition is part of the scene, so it is as long as the scene says.
    const limitMs = seconds * this.slowness * 1000 * (required ? loadFactor() : 1);
    return await waitUntil(is, limitMs, what, { pauseMs: 40, details: lastRows, slowness: 1 }).catch(
      (error: unknown) => {
        if (required) throw error;
        return false;
      },
    );
  }

  /** Presses keys by their tmux names, as the user does. */
  async keys(...names: string[]): Promise<void> {
    await this.seat.tmux('send-keys', '-t', this.seat.pane, ...names);
  }

  /** Types a text, as the user does. */
  async types(text: string): Promise<void> {
    await this.seat.tmux('send-keys', '-t', this.seat.pane, '-l', '--', text);
  }

  /** Types a prompt and sends it, as the user does; resolves when the CLI has taken it. */
  async says(text: string): Promise<void> {
    const from = Date.now();
    await this.types(text);
    await this.until(
      `typed: ${text}`,
      10,
      async () => (await this.composer())?.replaceAll(/\s/g, '') === text.replaceAll(/\s/g, ''),
    );
    // A CLI that recognises pastes by their speed takes an Enter right after the text as a newline.
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

  /** Makes the model open a dialog by the user's prompt; resolves with its tag once the dialog is on the screen. */
  async opens(word: 'permission' | 'question' | 'plan', shows = this.user.choice): Promise<string> {
    const tag = this.tag();
    await this.says(order(word, tag));
    await this.shows(shows);
    await sleep(150);
    return tag;
  }

  /** Types a draft of the user without sending it. */
  async writes(text: string): Promise<void> {
    this.drafts.push(text);
    await this.types(text);
    await this.until(`the draft ${text}`, 8, async () => (await this.composer()) === text);
  }

  /** Asserts that the user's draft is unchanged. */
  async draftStands(text: string): Promise<void> {
    const now = await this.composer();
    if (now !== text) this.problem(`the draft "${text}" became ${JSON.stringify(now?.slice(0, 80) ?? null)}`);
  }

  /** Empties the composer, as the user does. */
  async clears(): Promise<void> {
    await this.until(
      'an empty composer',
      15,
      async () => {
        const now = await this.composer();
        // A long draft can push the prompt character off the pane: then there is no composer to read.
        if (now !== null && this.user.empty.test(now)) return true;
        await this.keys(...this.user.clearKeys);
        await sleep(60);
        return false;
      },
      false,
    );
  }

  /** Counts the dialog as answered by the sender if it has an answer before the user gave one. */
  dialogStands(tag: string): boolean {
    if (this.isOpenYet(tag)) return true;
    this.dialogsAnswered += 1;
    return false;
  }

  /** Returns false once the dialog of `tag` was answered. */
  isOpenYet(tag: string): boolean {
    return !this.bed.turns(this.seat.sessionId).some(({ answered }) => answered.some((input) => input.includes(tag)));
  }

  /** Asserts that the messages reached the model in the order in which they were sent. */
  inOrder(sents: readonly Sent[]): void {
    const given = this.given();
    const places = sents.map((sent) => given.findIndex((text) => this.bed.isSame(sent.text, text)));
    if (places.some((place, index) => place < (places[index - 1] ?? -1)))
      this.problem(`they arrived in another order: ${places.join(', ')}`);
  }

  /** Returns the composer and the lines below it, or the whole screen when there is none. */
  async lowerScreen(): Promise<string> {
    const lines = await this.screen();
    return lines.slice(this.user.composer(lines)?.first ?? 0).join('\n');
  }

  /** Kills the process in the pane's foreground with SIGKILL. */
  async killsAgent(): Promise<void> {
    const pid = Number(await this.seat.tmux('display-message', '-p', '-t', this.seat.pane, '#{pane_pid}'));
    const child = this.isOurs
      ? undefined
      : Number((await spawned('pgrep', ['-P', String(pid)], this.seat.tmuxEnv)).split('\n')[0]);
    process.kill(child ?? pid, 'SIGKILL');
  }

  /** Returns whether the CLI has ended: its pane is dead, or a shell's prompt is visible. */
  async hasExited(): Promise<boolean> {
    const dead = (await this.seat.tmux('display-message', '-p', '-t', this.seat.pane, '#{pane_dead}')).trim() === '1';
    return dead || (await this.composer()) === null;
  }

  /** Attaches the user's terminal: a client that shows the agent's window until the case has ended. */
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
