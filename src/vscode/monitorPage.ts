import * as vscode from 'vscode';
import type { MonitorMessage, MonitorPost } from '../core/pageMessages';
import type { Logger } from '../core/ports';
import type { LoadBackend } from './backend';
import type { CommandId } from './contributions';
import { monitorPost } from './monitorModel';
import { Page } from './page';
import type { ProjectHost } from './projectHost';
import type { ProjectState } from './state';

/** The monitor: what the seed's dashboard shows, live. It only shows; each of its buttons runs a command. */
export class MonitorPage extends Page<MonitorPost, MonitorMessage> {
  private looking: vscode.Disposable | null = null;

  constructor(
    panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly host: ProjectHost,
    private readonly loadBackend: LoadBackend,
    private readonly logger: Logger,
  ) {
    super({ panel, extensionUri, script: 'monitor', title: 'TACO Monitor' });
    this.own(host.onChange((state) => this.show(state)), { dispose: () => void this.looking?.dispose() });
    this.show(host.state);
    this.onVisible(panel.visible);
  }

  protected override async parse(message: unknown): Promise<MonitorMessage | null> {
    return (await this.loadBackend()).parseMonitorMessage(message);
  }

  protected override onVisible(visible: boolean): void {
    if (visible === (this.looking !== null)) return;
    this.looking?.dispose();
    this.looking = visible ? this.host.look() : null;
  }

  protected override onRefused(message: unknown): void {
    this.logger.warn('monitor.refused', { message });
  }

  protected override async handle(message: Exclude<MonitorMessage, { type: 'ready' }>): Promise<void> {
    const run = (command: CommandId, argument?: object): Thenable<unknown> => vscode.commands.executeCommand(command, argument);
    switch (message.type) {
      case 'message-agent': return void (await run('taco.messageAgent', { subject: { window: message.window } }));
      case 'open-terminal': return void (await run('taco.openAgentTerminal', { subject: { window: message.window } }));
      case 'retry': return void (await run('taco.retryMessage', { subject: { messageId: message.id } }));
      case 'drop': return void (await run('taco.dropMessage', { subject: { messageId: message.id } }));
      case 'open-service': return void (await run('taco.openService', { subject: { service: message.name } }));
      case 'broadcast': return void (await run('taco.broadcast'));
      case 'review-plan': return void (await run('taco.reviewPlan'));
      case 'start': return void (await run('taco.start'));
    }
  }

  private show(state: ProjectState): void {
    this.post(monitorPost(state));
  }
}
