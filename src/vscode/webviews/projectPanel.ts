import type * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import type { ProjectState } from '../project/projectState';
import { WebviewPanel, type WebviewPanelOptions } from './webviewPanel';

/** The context that a project page is built from. */
export interface ProjectPanelContext {
  readonly extensionUri: vscode.Uri;
  readonly host: ProjectHost;
  readonly loadBackend: LoadEngineApi;
  readonly logger: Logger;
}

/** A page that shows the project's state, and keeps it fresh only while the page is visible. */
export abstract class ProjectPanel<
  Post extends { readonly type: string },
  Message extends { readonly type: string },
> extends WebviewPanel<Post, Message> {
  private retained: vscode.Disposable | null = null;

  constructor(
    panel: vscode.WebviewPanel,
    protected readonly context: ProjectPanelContext,
    private readonly about: Pick<WebviewPanelOptions, 'script' | 'title'>,
  ) {
    super({ panel, extensionUri: context.extensionUri, ...about });
    const { host } = context;
    this.own(
      host.onChange((state) => this.show(state)),
      { dispose: () => void this.retained?.dispose() },
    );
  }

  /** Shows the known state at once, then refreshes it. */
  override begin(): void {
    this.show(this.context.host.state);
    super.begin();
    this.onVisible(this.panel.visible);
  }

  protected abstract postOf(state: ProjectState): Post;

  protected override onVisible(visible: boolean): void {
    if (visible === (this.retained !== null)) return;
    this.retained?.dispose();
    this.retained = visible ? this.context.host.retain() : null;
  }

  protected override onRefused(message: unknown): void {
    // The error may contain text of a message.
    this.context.logger.warn(`${this.about.script}.refused`);
    this.context.logger.trace(`${this.about.script}.refused`, { message });
  }

  /** Posts again after a change beside the project's state. */
  protected refresh(): void {
    this.show(this.context.host.state);
  }

  private show(state: ProjectState): void {
    this.post(this.postOf(state));
  }
}
