/** Alerts the user by the operating system while no window of the project has the focus. No `vscode` here. */
import type { DisposableLike } from '../../core/base/disposable';
import { alertKey, AlertQueue } from '../../core/requests/alertQueue';
import type { SystemNotifier } from '../../environment/machine/systemNotifications';
import type { NotificationClaimer } from './notificationClaims';
import type { Notification } from './notifications';

/** Time that a window without the focus leaves to the one that has it, milliseconds. */
const ALERT_DELAY_MS = 700;

export class SystemAlerts implements DisposableLike {
  private readonly queue = new AlertQueue<Notification>(() => ALERT_DELAY_MS);
  private timer: NodeJS.Timeout | null = null;
  private waiting: readonly Notification[] = [];
  private focused = true;

  constructor(
    private readonly claims: Pick<NotificationClaimer, 'take' | 'markShown'>,
    private readonly notifier: Pick<SystemNotifier, 'isAvailable' | 'show'>,
    /** The title and text of a notification; null: the user wants none. */
    private readonly textOf: (notification: Notification) => { readonly title: string; readonly text: string } | null,
  ) {}

  /** @param waiting everything that waits for the user now @param focused this window has the focus */
  update(waiting: readonly Notification[], focused: boolean): void {
    this.waiting = waiting;
    this.focused = focused;
    this.advance();
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.waiting = [];
  }

  private advance(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.focused) {
      // The user sees it here: no other window and no terminal needs to notify the user.
      const seen = this.queue.settle(this.waiting);
      if (seen.length > 0) void this.claims.markShown(seen.map(({ key }) => alertKey(key)));
      return;
    }
    const { due, afterMs } = this.queue.next(this.waiting, Date.now());
    if (afterMs !== null) this.timer = setTimeout(() => this.advance(), afterMs);
    if (due.length > 0) void this.notify(due);
  }

  private async notify(due: readonly Notification[]): Promise<void> {
    const texts = due.flatMap((each) => {
      const text = this.textOf(each);
      return text === null ? [] : [{ key: alertKey(each.key), ...text }];
    });
    if (texts.length === 0 || !(await this.notifier.isAvailable())) return;
    const answers = await this.claims.take(texts.map(({ key }) => key));
    const own = texts.filter(({ key }) => answers.get(key) === 'yours');
    const notified = await Promise.all(
      own.map(async ({ key, title, text }) => ((await this.notifier.show(title, text)) ? [key] : [])),
    );
    if (notified.flat().length > 0) await this.claims.markShown(notified.flat());
  }
}
