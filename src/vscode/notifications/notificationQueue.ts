/**
 * Decides which notification is shown next: each once, one at a time. VS Code moves a notification from the screen to
 * its bell without an event, and no extension can close one. So a notification blocks the next until the user closes or
 * answers it, or until VS Code has certainly moved it away. This also holds when its request has ended, because it is
 * still visible. No `vscode` here.
 */
import type { Notification } from './notifications';

/**
 * VS Code moves a notification away once its window had the focus for ten seconds; this is a little more, milliseconds.
 */
export const SCREEN_MS = 12_000;

interface Shown {
  /** Key of its first event. */
  readonly key: string;
  readonly at: number;
  /** True while the user answers it: it blocks the next for that time. */
  answering: boolean;
}

export class NotificationQueue {
  private shown: Shown | null = null;
  /** Time since which the window has the focus; null without the focus. */
  private focusedAt: number | null;
  /** The last one left the screen unanswered: everything that waited behind it is combined into one. */
  private ignored = false;

  /** @param focused whether the window has the focus now */
  constructor(focused: boolean, now: number) {
    this.focusedAt = focused ? now : null;
  }

  /** Returns what to show now, as one notification; empty: nothing. It counts everything that it returns as shown. */
  next(waiting: readonly Notification[], now: number): readonly Notification[] {
    if (this.shown !== null && this.leftMs(now) === 0) this.leave(true);
    const [first] = waiting;
    if (this.shown !== null || !first) return [];
    this.shown = { key: first.key, at: now, answering: false };
    return this.ignored ? waiting : [first];
  }

  /** Records that the user pressed a button of this notification and is answering. */
  answering(calls: readonly Notification[]): void {
    if (this.shown && calls[0]?.key === this.shown.key) this.shown.answering = true;
  }

  /** Records that the user closed this notification, or has finished with it. */
  closed(calls: readonly Notification[]): void {
    if (this.shown && calls[0]?.key === this.shown.key) this.leave(false);
  }

  /** Records that only `ours` of the returned ones are shown here: another window shows the rest. */
  settle(calls: readonly Notification[], ours: readonly Notification[]): void {
    if (!this.shown || calls[0]?.key !== this.shown.key) return;
    this.shown = ours[0] ? { ...this.shown, key: ours[0].key } : null;
  }

  get focused(): boolean {
    return this.focusedAt !== null;
  }

  focus(focused: boolean, now: number): void {
    if (focused !== (this.focusedAt !== null)) this.focusedAt = focused ? now : null;
  }

  /**
   * Returns how long the notification may stay on the screen, milliseconds; null if unknown (no focus) or nothing is
   * shown.
   */
  leftMs(now: number): number | null {
    if (this.shown === null || this.shown.answering || this.focusedAt === null) return null;
    return Math.max(0, Math.max(this.shown.at, this.focusedAt) + SCREEN_MS - now);
  }

  private leave(ignored: boolean): void {
    this.shown = null;
    this.ignored = ignored;
  }
}
