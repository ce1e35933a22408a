import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import type { MessageView } from '../../core/team/snapshot';
import type { ProjectHost } from '../project/projectHost';
import type { ProjectState } from '../project/projectState';
import { requests } from '../project/projectState';
import { setting } from '../project/settings';
import { waitingForYou } from '../shared/labels';
import { attentionSummaries } from '../statusBar/statusText';
import { EndedRequests } from './endedRequests';
import type { MutedAgents } from './mutedAgents';
import { NotificationClaimer } from './notificationClaims';
import { NotificationQueue } from './notificationQueue';
import {
  notificationsOf,
  notificationText,
  REQUEST_COMES_MS,
  combinedText,
  withoutRequest,
  type Notification,
  type NotificationAction,
} from './notifications';
import type { OtherProjects } from './otherProjects';

const SHOWN_KEY = 'taco.toldRequests';
const MAX_SHOWN_KEYS = 200;
const WINDOW_KEY = 'taco.window';

export interface NotificationManagerOptions {
  readonly host: ProjectHost;
  /** The view with the badge. */
  readonly view: vscode.TreeView<unknown>;
  readonly mutes: MutedAgents;
  /** Teams of other projects, which the badge counts too. */
  readonly others: Pick<OtherProjects, 'waiting' | 'onChange'>;
  /** Stores what was shown, across a reload. */
  readonly memory: vscode.Memento;
  /** Runs a button. Never throws. */
  readonly act: (action: NotificationAction, call: Notification) => Promise<void>;
  readonly logger: Logger;
}

/**
 * Notifies the user of everything that needs the user: by the badge on the view, and by one notification for each
 * event. It shows them one at a time (`notificationQueue.ts`), in one of the windows of the project
 * (`notificationClaims.ts`).
 */
export class NotificationManager implements vscode.Disposable {
  private readonly store: vscode.Disposable[] = [];
  private readonly queue = new NotificationQueue(vscode.window.state.focused, Date.now());
  /** Messages of agents to the user that were not shown yet. */
  private messages: readonly MessageView[] = [];
  /** The project folder of these messages. */
  private dir: string | undefined;
  /** Notifications that this window has shown last, for as long as they may be on the screen. */
  private screen: readonly Notification[] = [];
  private readonly claims: NotificationClaimer;
  private readonly ended = new EndedRequests();
  private later: NodeJS.Timeout | null = null;
  private disposed = false;

  constructor(private readonly options: NotificationManagerOptions) {
    const { host, mutes, memory, logger } = options;
    this.claims = new NotificationClaimer(
      () => host.project?.team().then(({ calls }) => calls) ?? null,
      windowOf(memory),
      present,
      logger,
    );
    this.store.push(
      host.onChange(() => this.show()),
      host.onUserMessage((id) => void this.hear(id)),
      mutes.onChange(() => this.show()),
      options.others.onChange(() => this.show()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        this.queue.focus(focused, Date.now());
        this.show();
      }),
    );
    this.show();
  }

  private async hear(id: string): Promise<void> {
    const { host, logger } = this.options;
    const { project } = host;
    try {
      const message = await (await project?.team())?.message(id);
      // The user may have chosen another folder meanwhile.
      if (message && project?.dir === host.project?.dir) this.messages = [...this.messages, message];
      this.show();
    } catch (error) {
      logger.warn('message.unread', { id, error });
    }
  }

  private show(): void {
    const { host, view } = this.options;
    const { state } = host;
    if (host.project?.dir !== this.dir) {
      this.dir = host.project?.dir;
      this.messages = [];
    }
    const asks = attentionSummaries(state);
    const elsewhere = this.options.others.waiting;
    const count =
      Math.max(asks.length, requests(state).length) + elsewhere.reduce((sum, { needs }) => sum + needs.length, 0);
    const lines = [
      ...asks,
      ...elsewhere.map(({ project, needs }) => `${basename(project)}: ${waitingForYou([...needs])}`),
    ];
    view.badge = count === 0 ? undefined : { value: count, tooltip: lines.join('\n') };
    const now = Date.now();
    this.ended.see(state.snapshot?.needs ?? [], now);
    const all = notificationsOf(state, this.messages, now, (agent) => this.ended.since(agent));
    const wanted = all.filter((call) => this.isWanted(call));
    const free = this.claims.free(wanted, this.queue.focused, now);
    // Messages that a muted agent wrote, or that another window has shown, are not shown later.
    if (state.snapshot)
      this.messages = this.messages.filter(({ id }) =>
        wanted.some((call) => call.key === id && !this.claims.wasShown(call)),
      );
    if (this.queue.leftMs(now) === 0) this.leaveScreen();
    const calls = this.queue.next(free, now);
    if (calls.length > 0) void this.claimAndNotify(calls, state);
    const shown = [
      ...all.filter(({ kind, key }) => kind !== 'message' && this.shown.includes(key)),
      ...this.screen.filter(({ kind }) => kind === 'message'),
    ];
    void this.claims.keep(
      shown.map(({ key }) => key),
      now,
    );
    this.scheduleCheck(state, shown.length > 0);
  }

  private async claimAndNotify(calls: readonly Notification[], state: ProjectState): Promise<void> {
    const ours = await this.claims.take(calls, Date.now());
    this.queue.settle(calls, ours);
    if (ours.length > 0) await this.notify(ours, state);
    this.show();
  }

  /**
   * Schedules the next check: when the shown notification has left the screen, a dialog has been open so long that no
   * request will come, or claims of other windows are due for a poll.
   */
  private scheduleCheck(state: ProjectState, keeps: boolean): void {
    if (this.later) clearTimeout(this.later);
    this.later = null;
    if (this.disposed) return;
    const left = this.queue.leftMs(Date.now());
    const claims = this.claims.leftMs(keeps, this.queue.focused, Date.now());
    const dialogs = withoutRequest(state)
      .map((agent) => this.ended.since(agent) + REQUEST_COMES_MS - Date.now())
      .filter((ms) => ms > 0);
    const waits = [left, claims, ...dialogs].filter((ms) => ms !== null);
    this.later = waits.length === 0 ? null : setTimeout(() => this.show(), Math.min(...waits) + 1);
  }

  private async notify(calls: readonly Notification[], state: ProjectState): Promise<void> {
    const [first] = calls;
    if (!first) return;
    this.screen = calls;
    await this.options.memory.update(SHOWN_KEY, [...this.shown, ...calls.map(({ key }) => key)].slice(-MAX_SHOWN_KEYS));
    const { text, actions } = calls.length === 1 ? notificationText(first, state) : combinedText(calls, state);
    const words = buttons();
    const picked = await vscode.window.showInformationMessage(text, ...actions.map((action) => words[action]));
    const action = actions.find((each) => words[each] === picked);
    if (action) {
      this.queue.answering(calls);
      await this.options.act(action, first);
    }
    this.queue.closed(calls);
    if (this.screen === calls) this.leaveScreen();
  }

  private leaveScreen(): void {
    void this.claims.seen(this.screen);
    this.screen = [];
  }

  private isWanted(call: Notification): boolean {
    const wanted = setting('taco.notifications');
    if (wanted === 'none' || (wanted === 'messages' && call.kind !== 'message')) return false;
    return !this.shown.includes(call.key) && !(call.agent && this.options.mutes.has(call.agent.name));
  }

  private get shown(): readonly string[] {
    return this.options.memory.get<readonly string[]>(SHOWN_KEY, []);
  }

  dispose(): void {
    this.disposed = true;
    if (this.later) clearTimeout(this.later);
    for (const item of this.store) item.dispose();
  }
}

/**
 * Makes a round trip to the window: while the window is gone or cut off, no answer comes. Nothing reads the context
 * key.
 */
const present = (): Thenable<unknown> => vscode.commands.executeCommand('setContext', 'taco.present', true);

/**
 * Returns a name for this window that a reload does not change. Two windows on one folder may share it; then the first
 * one wins.
 */
function windowOf(memory: vscode.Memento): string {
  const known = memory.get<string>(WINDOW_KEY);
  const window = known ?? randomUUID();
  if (known === undefined) void memory.update(WINDOW_KEY, window);
  return window;
}

function buttons(): Readonly<Record<NotificationAction, string>> {
  return {
    allow: vscode.l10n.t('Allow'),
    deny: vscode.l10n.t('Deny…'),
    more: vscode.l10n.t('More…'),
    answer: vscode.l10n.t('Answer…'),
    'answer-which': vscode.l10n.t('Answer…'),
    terminal: vscode.l10n.t('Open Terminal'),
    review: vscode.l10n.t('Review Plan'),
    reply: vscode.l10n.t('Reply'),
    budget: vscode.l10n.t('Set Budget…'),
    'resume-team': vscode.l10n.t('Resume Team'),
    messages: vscode.l10n.t('Show Messages'),
    mute: vscode.l10n.t('Mute'),
  };
}
