import * as vscode from 'vscode';
import type { MonitorMessage, MonitorPost } from '../core/pageMessages';
import type { CommandId } from './contributions';
import { monitorPost } from './monitorModel';
import { ProjectPage, type ProjectPageContext } from './projectPage';
import type { ProjectState } from './state';

/** The monitor: what the seed's dashboard shows, live. It only shows; each of its buttons runs a command. */
export class MonitorPage extends ProjectPage<MonitorPost, MonitorMessage> {
  constructor(panel: vscode.WebviewPanel, context: ProjectPageContext) {
    super(panel, context, { script: 'monitor', title: 'TACO Monitor' });
  }

  protected override async parse(message: unknown): Promise<MonitorMessage | null> {
    return (await this.context.loadBackend()).parseMonitorMessage(message);
  }

  protected override postOf(state: ProjectState): MonitorPost {
    return monitorPost(state);
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
}
