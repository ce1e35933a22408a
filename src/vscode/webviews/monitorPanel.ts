import * as vscode from 'vscode';
import type { InputResponse } from '../../core/requests/inputRequest';
import type { Between, MonitorMessage, MonitorPosts } from '../../core/webviews/monitorProtocol';
import type { CommandId } from '../manifest/contributions';
import { reportError } from '../notifications/reportError';
import type { ProjectState } from '../project/projectState';
import { MonitorFeed } from './monitorFeed';
import { monitorPatch, monitorPost } from './monitorModel';
import { ProjectPanel, type ProjectPanelContext } from './projectPanel';
import { TerminalPreviews } from './terminalPreviews';

/** Interval at which the curves are read and drawn while the page is visible, milliseconds. */
const HISTORY_MS = 1000;

/** The monitor: a live dashboard. It only shows; each of its buttons runs a command. */
export class MonitorPanel extends ProjectPanel<MonitorPosts, MonitorMessage> {
  private readonly feed: MonitorFeed;
  private readonly previews: TerminalPreviews;
  private timer: NodeJS.Timeout | null = null;
  private reading = false;
  private conversationShown = '';
  private seq = 0;

  constructor(panel: vscode.WebviewPanel, context: ProjectPanelContext) {
    super(panel, context, { script: 'monitor', title: 'TACO Monitor' });
    this.feed = new MonitorFeed(context.logger);
    this.previews = new TerminalPreviews(context, (post) => this.post(post));
    this.own({ dispose: () => this.setTimer(false) }, this.previews);
  }

  /** Shows a message or a conversation to the user. */
  reveal(wish: { readonly messageId?: string; readonly between?: Between }): void {
    this.post({ type: 'reveal', at: Date.now(), messageId: wish.messageId ?? null, between: wish.between ?? null });
  }

  protected override async parse(message: unknown): Promise<MonitorMessage | null> {
    return (await this.context.loadBackend()).parseMonitorMessage(message);
  }

  protected override postOf(state: ProjectState): MonitorPosts {
    this.postConversation(state);
    this.seq += 1;
    return monitorPost(state, this.seq);
  }

  protected override patch(before: MonitorPosts, after: MonitorPosts): object | null {
    return before.type === 'monitor' && after.type === 'monitor' ? monitorPatch(before, after) : null;
  }

  protected override onVisible(visible: boolean): void {
    super.onVisible(visible);
    this.setTimer(visible);
    this.previews.setVisible(visible);
  }

  protected override async handle(message: Exclude<MonitorMessage, { type: 'ready' }>): Promise<void> {
    const run = (command: CommandId, argument?: object): Thenable<unknown> =>
      vscode.commands.executeCommand(command, argument);
    switch (message.type) {
      case 'message-agent':
        return void (await run('taco.messageAgent', { subject: { window: message.window } }));
      case 'interrupt-agent':
        return void (await run('taco.interruptAgent', { subject: { window: message.window } }));
      case 'open-terminal':
        return void (await run('taco.openAgentTerminal', { subject: { window: message.window } }));
      case 'retry':
        return void (await run('taco.retryMessage', { subject: { messageId: message.id } }));
      case 'drop':
        return void (await run('taco.dropMessage', { subject: { messageId: message.id } }));
      case 'open-service':
        return void (await run('taco.openService', { subject: { service: message.name } }));
      case 'broadcast':
        return void (await run('taco.broadcast'));
      case 'review-plan':
        return void (await run('taco.reviewPlan'));
      case 'resume':
        return void (await run('taco.resumeSession'));
      case 'answer':
        return void (await run('taco.answer'));
      case 'answer-request':
        return await this.answer(message.id, message.answer);
      case 'open-request':
        return void (await run('taco.answer', { subject: { needId: message.id } }));
      case 'previews':
        return this.previews.setWindows(message.windows);
      case 'terminal-grid':
        return void (await run('taco.openTerminalGrid'));
      case 'start':
        return void (await run('taco.start'));
      case 'export':
        return void (await run('taco.exportMessages', { between: message.between }));
      case 'range':
        this.feed.setRange(message.minutes);
        return this.postHistory();
      case 'conversation':
        this.feed.setConversation(message.between);
        this.conversationShown = ''; // a page that comes back has dropped everything it got before its request
        this.postConversation(this.context.host.state);
        return await this.readHistory();
    }
  }

  /** Answers exactly the request that the page shows; one that has ended is reported. */
  private async answer(id: string, given: InputResponse): Promise<void> {
    try {
      await (await this.context.host.require().team()).answer(id, given);
    } catch (error) {
      await reportError(error, this.context.logger);
    }
  }

  private setTimer(visible: boolean): void {
    if (visible === (this.timer !== null)) return;
    if (this.timer) clearInterval(this.timer);
    this.timer = visible ? setInterval(() => void this.readHistory(), HISTORY_MS) : null;
    if (visible) void this.readHistory();
  }

  private async readHistory(): Promise<void> {
    const { project, state } = this.context.host;
    const { feed } = this;
    if (!project || !state.snapshot?.session || !state.connected || this.reading) return;
    this.reading = true;
    try {
      await feed.read(await project.team(), state.snapshot);
    } finally {
      this.reading = false;
    }
    this.postHistory();
    this.postConversation(this.context.host.state);
  }

  private postHistory(): void {
    const { snapshot } = this.context.host.state;
    if (snapshot?.session) this.post(this.feed.history(snapshot, Date.now()));
  }

  private postConversation({ snapshot }: ProjectState): void {
    if (!snapshot?.session) return;
    const post = this.feed.conversation(snapshot);
    const drawn = JSON.stringify(post);
    if (drawn === this.conversationShown) return;
    this.conversationShown = drawn;
    this.post(post);
  }
}
