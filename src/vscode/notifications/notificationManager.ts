import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { SystemNotifier } from '../../environment/machine/systemNotifications';
import type { ProjectHost } from '../project/projectHost';
import { requests } from '../project/projectState';
import { setting } from '../project/settings';
import { waitingForYou } from '../shared/labels';
import { attentionSummaries } from '../statusBar/statusText';
import type { MutedAgents } from './mutedAgents';
import { NotificationClaimer } from './notificationClaims';
import {
  initialNotifications,
  reduceNotifications,
  wantedNotifications,
  type NotificationEffect,
  type NotificationEvent,
  type NotificationState,
} from './notificationReducer';
import { combinedText, notificationText, type Notification, type NotificationAction } from './notifications';
import type { OtherProjects } from './otherProjects';
import { SystemAlerts } from './systemAlerts';

const SHOWN_KEY = 'taco.toldRequests';
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
  readonly act: (action: NotificationAction, notification: Notification) => Promise<void>;
  readonly logger: Logger;
}

/**
 * Notifies the user of everything that needs the user: by the badge on the view, and by one notification for each
 * event. `notificationReducer.ts` decides; this class reports events to it and carries out its effects.
 */
export class NotificationManager implements vscode.Disposable {
  private readonly disposables = new DisposableStore();
  private readonly claims: NotificationClaimer;
  private readonly alerts: SystemAlerts;
  private state: NotificationState;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: NotificationManagerOptions) {
    const { host, mutes, memory, logger } = options;
    const shown = memory.get<readonly string[]>(SHOWN_KEY, []);
    this.state = initialNotifications(vscode.window.state.focused, shown, Date.now());
    this.claims = new NotificationClaimer(
      () => host.project?.team().then(({ calls }) => calls) ?? null,
      windowOf(memory),
      present,
      logger,
    );
    this.alerts = new SystemAlerts(this.claims, new SystemNotifier(process.env), (each) => this.alertText(each));
    this.disposables.addAll(
      this.alerts,
      host.onChange(() => this.update()),
      host.onUserMessage((id) => void this.readMessage(id)),
      mutes.onChange(() => this.update()),
      options.others.onChange(() => this.update()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        this.report({ kind: 'focus', focused });
        this.update();
      }),
      { dispose: () => this.timer && clearTimeout(this.timer) },
    );
    this.update();
  }

  private async readMessage(id: string): Promise<void> {
    const { host, logger } = this.options;
    const { project } = host;
    try {
      const message = await (await project?.team())?.message(id);
      this.update();
      if (message) this.report({ kind: 'message', message, dir: project?.dir });
    } catch (error) {
      logger.warn('message.unread', { id, error });
    }
  }

  private update(): void {
    const { host, mutes } = this.options;
    this.setBadge();
    const wanted = setting('taco.notifications');
    this.report({ kind: 'view', view: { dir: host.project?.dir, state: host.state, wanted, muted: mutes.names } });
  }

  private setBadge(): void {
    const { host, others, view } = this.options;
    const summaries = attentionSummaries(host.state);
    const elsewhere = others.waiting;
    const count =
      Math.max(summaries.length, requests(host.state).length) +
      elsewhere.reduce((sum, { needs }) => sum + needs.length, 0);
    const lines = [
      ...summaries,
      ...elsewhere.map(({ project, needs }) => `${basename(project)}: ${waitingForYou([...needs])}`),
    ];
    view.badge = count === 0 ? undefined : { value: count, tooltip: lines.join('\n') };
  }

  private report(event: NotificationEvent): void {
    if (this.disposables.isDisposed) return;
    const { state, effects } = reduceNotifications(this.state, event, Date.now());
    this.state = state;
    for (const effect of effects) void this.run(effect);
    // The window is asked and not its last event, so that a lost event cannot silence the alerts.
    this.alerts.update(wantedNotifications(state, Date.now()), vscode.window.state.focused);
  }

  private alertText(notification: Notification): { title: string; text: string } | null {
    const { project, state } = this.options.host;
    if (!project || !setting('taco.systemNotifications')) return null;
    return { title: basename(project.dir), text: notificationText(notification, state).text };
  }

  private async run(effect: NotificationEffect): Promise<void> {
    switch (effect.kind) {
      case 'claim': {
        const answers = await this.claims.take(effect.all.map(({ key }) => key));
        this.report({ kind: 'claimed', all: effect.all, answers });
        return;
      }
      case 'notify':
        return await this.notify(effect.all, effect.shown);
      case 'renew':
        await this.claims.renew(effect.keys);
        this.report({ kind: 'renewed' });
        return;
      case 'mark-shown':
        return await this.claims.markShown(effect.keys);
      case 'check':
        if (this.timer) clearTimeout(this.timer);
        this.timer = effect.afterMs === null ? null : setTimeout(() => this.update(), effect.afterMs + 1);
    }
  }

  private async notify(all: readonly Notification[], shown: readonly string[]): Promise<void> {
    const { host, memory, act } = this.options;
    const [first] = all;
    if (!first) return;
    await memory.update(SHOWN_KEY, shown);
    const { text, actions } = all.length === 1 ? notificationText(first, host.state) : combinedText(all, host.state);
    const words = buttons();
    const picked = await vscode.window.showInformationMessage(text, ...actions.map((action) => words[action]));
    const action = actions.find((each) => words[each] === picked);
    if (action) {
      this.report({ kind: 'answering', all });
      await act(action, first);
    }
    this.report({ kind: 'closed', all });
    this.update();
  }

  dispose(): void {
    this.disposables.dispose();
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
