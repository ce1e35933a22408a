import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { PanelId } from './contributions';

export interface PageOptions {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  /** File in `dist/webview/`, without `.js`. */
  readonly script: 'monitor' | 'planReview';
  readonly title: string;
}

/**
 * A webview panel with one script under a strict policy. What is posted before the page says `ready` (at its start,
 * and each time it comes back from being hidden) is kept; since each post is the whole of its kind, only the newest of each is.
 */
export abstract class Page<Post extends { readonly type: string }, Message extends { readonly type: string }> implements vscode.Disposable {
  private readonly store: vscode.Disposable[] = [];
  private ready = false;
  private readonly latest = new Map<string, Post>();
  protected disposed = false;
  readonly panel: vscode.WebviewPanel;

  constructor(options: PageOptions) {
    this.panel = options.panel;
    const { webview } = this.panel;
    webview.options = { enableScripts: true, localResourceRoots: [] };
    this.panel.iconPath = vscode.Uri.joinPath(options.extensionUri, 'media', 'taco-tab.svg');
    this.store.push(
      webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      this.panel.onDidDispose(() => this.dispose()),
      this.panel.onDidChangeViewState(() => {
        if (!this.panel.visible) this.ready = false; // a hidden page is thrown away
        this.onVisible(this.panel.visible);
      }),
    );
    webview.html = html(options);
  }

  /** Null for anything that the page may not say. */
  protected abstract parse(message: unknown): Promise<Message | null>;
  protected abstract handle(message: Exclude<Message, { type: 'ready' }>): Promise<void>;
  protected abstract onVisible(visible: boolean): void;
  protected abstract onRefused(message: unknown): void;

  protected post(post: Post): void {
    this.latest.set(post.type, post);
    if (this.ready) void this.panel.webview.postMessage(post);
  }

  protected own(...items: vscode.Disposable[]): void {
    this.store.push(...items);
  }

  private async receive(raw: unknown): Promise<void> {
    const message = await this.parse(raw);
    if (message === null) return this.onRefused(raw);
    if (message.type === 'ready') {
      this.ready = true;
      for (const post of this.latest.values()) void this.panel.webview.postMessage(post);
      return;
    }
    await this.handle(message as Exclude<Message, { type: 'ready' }>);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of this.store) item.dispose();
    this.panel.dispose();
  }
}

/**
 * Style and script stand in the page itself: what a page loads goes through a worker and the extension host, file by file, and is not
 * drawn before. The bundler writes no `</script>` into a script, and no text of a project comes in here.
 */
function html({ extensionUri, script, title }: PageOptions): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (...path: string[]): string => readFileSync(vscode.Uri.joinPath(extensionUri, ...path).fsPath, 'utf8');
  const styles = script === 'planReview' ? ['webview.css', 'planReview.css'] : ['webview.css'];
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${styles.map((name) => file('media', name)).join('\n')}</style>
<title>${title}</title>
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}">${file('dist', 'webview', `${script}.js`)}</script>
</body>
</html>`;
}

/** Keeps at most one panel of a type, and takes back the one that VS Code restores after a reload. */
export class SinglePanel<P extends Page<{ type: string }, { type: string }>> implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private page: P | null = null;
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly id: PanelId,
    private readonly title: string,
    private readonly create: (panel: vscode.WebviewPanel) => P,
  ) {
    this.registration = vscode.window.registerWebviewPanelSerializer(id, this);
  }

  show(): P {
    if (this.page === null) this.adopt(vscode.window.createWebviewPanel(this.id, this.title, vscode.ViewColumn.Active, {}));
    else this.page.panel.reveal();
    return this.page!;
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.page?.dispose();
    this.adopt(panel);
    return Promise.resolve();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    const page = this.create(panel);
    this.page = page;
    panel.onDidDispose(() => {
      if (this.page === page) this.page = null;
    });
  }

  dispose(): void {
    this.registration.dispose();
    this.page?.dispose();
  }
}
