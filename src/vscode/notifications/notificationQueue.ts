/**
 * Which call is told next: each once, one at a time. VS Code takes a notification off the screen by itself and keeps it behind its bell, it
 * says nothing of that, and no extension can close one. So a notification stands in the way until it is closed or answered, or until VS Code
 * has certainly put it away; also when its request is over meanwhile, for it is still there to be seen. No `vscode` here.
 */
import type { Notification } from './notifications';

/** VS Code puts a notification away once its window had the focus for ten seconds; a little more, milliseconds. */
export const SCREEN_MS = 12_000;

interface Shown {
  /** Of its first call. */
  readonly key: string;
  readonly at: number;
  /** The person is at it: in the way for however long that takes. */
  answering: boolean;
}

export class NotificationQueue {
  private shown: Shown | null = null;
  /** Since when the window has the focus; null while it has not. */
  private focusedAt: number | null;
  /** The last one was put away unanswered: what has waited behind it is told together. */
  private ignored = false;

  /** @param focused whether the window has the focus now */
  constructor(focused: boolean, now: number) {
    this.focusedAt = focused ? now : null;
  }

  /** What is to be shown now, as one notification; empty: nothing. Whatever it returns counts as shown. */
  next(waiting: readonly Notification[], now: number): readonly Notification[] {
    if (this.shown !== null && this.leftMs(now) === 0) this.leave(true);
    const [first] = waiting;
    if (this.shown !== null || !first) return [];
    this.shown = { key: first.key, at: now, answering: false };
    return this.ignored ? waiting : [first];
  }

  /** The person has pressed a button of the notification of these calls, and answers. */
  answering(calls: readonly Notification[]): void {
    if (this.shown && calls[0]?.key === this.shown.key) this.shown.answering = true;
  }

  /** The person has closed the notification of these calls, or is done with it. */
  closed(calls: readonly Notification[]): void {
    if (this.shown && calls[0]?.key === this.shown.key) this.leave(false);
  }

  /** Of what `next` returned only these are shown: another window tells the rest. */
  settle(calls: readonly Notification[], ours: readonly Notification[]): void {
    if (!this.shown || calls[0]?.key !== this.shown.key) return;
    this.shown = ours[0] ? { ...this.shown, key: ours[0].key } : null;
  }

  /** Whether the notification of these calls may still be on the screen. */
  shows(calls: readonly Notification[]): boolean {
    return this.shown !== null && calls[0]?.key === this.shown.key;
  }

  get focused(): boolean {
    return this.focusedAt !== null;
  }

  focus(focused: boolean, now: number): void {
    if (focused !== (this.focusedAt !== null)) this.focusedAt = focused ? now : null;
  }

  /** How long what is shown may still be on the screen, milliseconds; null: nobody knows, as the window has not the focus, or nothing is. */
  leftMs(now: number): number | null {
    if (this.shown === null || this.shown.answering || this.focusedAt === null) return null;
    return Math.max(0, Math.max(this.shown.at, this.focusedAt) + SCREEN_MS - now);
  }

  private leave(ignored: boolean): void {
    this.shown = null;
    this.ignored = ignored;
  }
}
