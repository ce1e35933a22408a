import * as vscode from 'vscode';
import type { Logger } from '../core/ports';
import type { MessageView } from '../core/snapshot';
import { CallQueue } from './callQueue';
import { callsOf, callText, REQUEST_COMES_MS, severalText, withoutRequest, type Call, type CallAction } from './calls';
import type { Mutes } from './mutes';
import type { ProjectHost } from './projectHost';
import { setting } from './settings';
import type { ProjectState } from './state';
import { whatAsks } from './statusText';

const TOLD_KEY = 'taco.toldRequests';
const TOLD_KEPT = 200;

export interface AttentionOptions {
  readonly host: ProjectHost;
  /** Has the badge. */
  readonly view: vscode.TreeView<unknown>;
  readonly mutes: Mutes;
  /** Keeps what was told over a reload. */
  readonly memory: vscode.Memento;
  /** What a button does. Never throws. */
  readonly act: (action: CallAction, call: Call) => Promise<void>;
  readonly logger: Logger;
}

/** Brings to the person what needs the person: the badge on the view, and one notification for each call, one at a time (`callQueue.ts`). */
export class Attention implements vscode.Disposable {
  private readonly store: vscode.Disposable[] = [];
  private readonly queue = new CallQueue(vscode.window.state.focused, Date.now());
  /** What agents have written to the person and was not told yet. */
  private messages: readonly MessageView[] = [];
  private later: NodeJS.Timeout | null = null;

  constructor(private readonly options: AttentionOptions) {
    const { host, mutes } = options;
    this.store.push(
      host.onChange(() => this.show()),
      host.onUserMessage((id) => void this.hear(id)),
      mutes.onChange(() => this.show()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        this.queue.focus(focused, Date.now());
        this.show();
      }),
    );
    this.show();
  }

  private async hear(id: string): Promise<void> {
    const { host, logger } = this.options;
    try {
      const message = await (await host.project?.team())?.message(id);
      if (message) this.messages = [...this.messages, message];
      this.show();
    } catch (error) {
      logger.warn('message.unread', { id, error });
    }
  }

  private show(): void {
    const { host, view } = this.options;
    const { state } = host;
    const asks = whatAsks(state);
    const count = Math.max(asks.length, state.snapshot?.needs.length ?? 0);
    view.badge = count === 0 ? undefined : { value: count, tooltip: asks.join('\n') };
    const waiting = callsOf(state, this.messages, Date.now()).filter((call) => this.isWanted(call));
    // What an agent wrote while it was muted is not told later.
    if (state.snapshot) this.messages = this.messages.filter(({ id }) => waiting.some(({ key }) => key === id));
    const calls = this.queue.next(waiting, Date.now());
    if (calls.length > 0) void this.notify(calls, state);
    this.lookAgain(state);
  }

  /** When what is shown has left the screen, or a dialog has stood so long that no request will come. */
  private lookAgain(state: ProjectState): void {
    if (this.later) clearTimeout(this.later);
    const left = this.queue.leftMs(Date.now());
    const dialogs = withoutRequest(state).map((agent) => agent.changedAt + REQUEST_COMES_MS - Date.now()).filter((ms) => ms > 0);
    const waits = [...(left === null ? [] : [left]), ...dialogs];
    this.later = waits.length === 0 ? null : setTimeout(() => this.show(), Math.min(...waits) + 1);
  }

  private async notify(calls: readonly Call[], state: ProjectState): Promise<void> {
    const [first] = calls;
    if (!first) return;
    await this.options.memory.update(TOLD_KEY, [...this.told, ...calls.map(({ key }) => key)].slice(-TOLD_KEPT));
    const { text, actions } = calls.length === 1 ? callText(first, state) : severalText(calls, state);
    const words = buttons();
    const picked = await vscode.window.showInformationMessage(text, ...actions.map((action) => words[action]));
    const action = actions.find((each) => words[each] === picked);
    if (action) {
      this.queue.answering(calls);
      await this.options.act(action, first);
    }
    this.queue.closed(calls);
    this.show();
  }

  private isWanted(call: Call): boolean {
    const wanted = setting('taco.notifications');
    if (wanted === 'none' || (wanted === 'messages' && call.kind !== 'message')) return false;
    return !this.told.includes(call.key) && !(call.agent && this.options.mutes.has(call.agent.name));
  }

  private get told(): readonly string[] {
    return this.options.memory.get<readonly string[]>(TOLD_KEY, []);
  }

  dispose(): void {
    if (this.later) clearTimeout(this.later);
    for (const item of this.store) item.dispose();
  }
}

function buttons(): Readonly<Record<CallAction, string>> {
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
    messages: vscode.l10n.t('Show Messages'),
    mute: vscode.l10n.t('Mute'),
  };
}
