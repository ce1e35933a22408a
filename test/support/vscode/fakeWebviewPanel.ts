/** The environment of one of TACO's pages, without a window. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebviewPanel } from 'vscode';
import type { ProjectPanelContext } from '../../../src/vscode/webviews/projectPanel';
import { silentLogger } from '../loggers';
import type { WindowProject } from './fakeProject';
import { EventEmitter, type FakeVscode } from './fakeVscode';

/** A panel as in VS Code: after it is closed, access to its page throws. */
export class Panel {
  private closed = false;
  private readonly said = new EventEmitter<unknown>();
  private readonly gone = new EventEmitter<void>();
  readonly posts: { readonly type: string }[] = [];
  readonly visible = true;
  iconPath: unknown;
  readonly onDidDispose = this.gone.event;
  readonly onDidChangeViewState = new EventEmitter<void>().event;
  private readonly page = {
    options: {},
    html: '',
    onDidReceiveMessage: this.said.event,
    postMessage: async (post: { readonly type: string }) => this.posts.push(post),
  };

  get webview(): object {
    if (this.closed) throw new Error('Webview is disposed');
    return this.page;
  }
  says(message: unknown): void {
    this.said.fire(message);
  }
  dispose(): void {
    if (this.closed) return;
    this.closed = true;
    this.gone.fire(undefined);
  }

  /** The panel in the type that pages take. */
  get asPanel(): WebviewPanel {
    return this as unknown as WebviewPanel;
  }
}

/** Returns the context that a page is built from: its files are empty, and its messages are accepted unchanged. */
export function pageContext(vscode: FakeVscode, { host }: Pick<WindowProject, 'host'>): ProjectPanelContext {
  const folder = mkdtempSync(join(tmpdir(), 'taco-page-'));
  for (const dir of ['media', 'dist/webview']) mkdirSync(join(folder, dir), { recursive: true });
  for (const file of [
    'media/webview.css',
    'media/planReview.css',
    'dist/webview/planReview.js',
    'dist/webview/monitor.js',
  ])
    writeFileSync(join(folder, file), '');
  const backend = {
    parsePlanMessage: (message: unknown) => message,
    parseMonitorMessage: (message: unknown) => message,
  };
  return {
    host,
    logger: silentLogger,
    extensionUri: vscode.api.Uri.file(folder),
    loadBackend: async () => backend,
  } as unknown as ProjectPanelContext;
}
