import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { PanelId } from '../manifest/contributions';
import { webviewHtml } from './webviewHtml';

/** The page loads nothing, from anywhere. */
const WEBVIEW_OPTIONS: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] };

export interface WebviewPanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  /** File in `dist/webview/`, without `.js`. */
  readonly script: 'monitor' | 'planReview';
  readonly title: string;
}

/**
 * A webview panel with one script under a strict policy. Messages posted before `begin` are part of the page's HTML.
 * Messages posted before the page reports `ready` (at its start, and each time it is shown again) are cached. Each post
 * is the whole of its kind, so only the newest of each is cached.
 */
export abstract class WebviewPanel<Post extends { readonly type: string }, Message extends { readonly type: string }>
  implements vscode.Disposable
{
  private readonly disposables = new DisposableStore();
  private ready = false;
  private readonly latest = new Map<string, Post>();
  private disposed = false;
  readonly panel: vscode.WebviewPanel;

  constructor(private readonly options: WebviewPanelOptions) {
    this.panel = options.panel;
    const { webview } = this.panel;
    webview.options = WEBVIEW_OPTIONS;
    this.panel.iconPath = vscode.Uri.joinPath(options.extensionUri, 'media', 'taco-tab.svg');
    this.disposables.addAll(
      webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      this.panel.onDidDispose(() => this.dispose()),
      this.panel.onDidChangeViewState(() => {
        if (!this.panel.visible) this.ready = false; // VS Code discards a hidden page
        this.onVisible(this.panel.visible);
      }),
    );
  }

  /** Puts the page into its panel. Called once, when all of its parts are ready. */
  begin(): void {
    const { extensionUri, script, title } = this.options;
    const file = (...path: string[]): string => readFileSync(vscode.Uri.joinPath(extensionUri, ...path).fsPath, 'utf8');
    const styles = script === 'planReview' ? ['webview.css', 'planReview.css'] : ['webview.css'];
    this.panel.webview.html = webviewHtml({
      title,
      language: vscode.env.language,
      nonce: randomBytes(16).toString('base64'),
      styles: styles.map((name) => file('media', name)),
      script: file('dist', 'webview', `${script}.js`),
      first: { at: Date.now(), posts: [...this.latest.values()], bundle: vscode.l10n.bundle },
    });
  }

  /** Returns null for any message that the page may not send. */
  protected abstract parse(message: unknown): Promise<Message | null>;
  protected abstract handle(message: Exclude<Message, { type: 'ready' }>): Promise<void>;
  protected abstract onVisible(visible: boolean): void;
  protected abstract onRefused(message: unknown): void;

  protected post(post: Post): void {
    if (this.disposed) return; // an earlier request can end after the panel was disposed
    const before = this.latest.get(post.type);
    this.latest.set(post.type, post);
    if (this.ready) void this.panel.webview.postMessage((before && this.patch?.(before, post)) ?? post);
  }

  /** Returns the patch that turns `before` on a page into `after`; null: send all of it. */
  protected patch?(before: Post, after: Post): object | null;

  protected own(...items: vscode.Disposable[]): void {
    this.disposables.addAll(...items);
  }

  private async receive(raw: unknown): Promise<void> {
    if (isReady(raw)) return this.begun();
    const message = await this.parse(raw);
    if (message === null) return this.onRefused(raw);
    await this.handle(message as Exclude<Message, { type: 'ready' }>);
  }

  private begun(): void {
    this.ready = true;
    for (const post of this.latest.values()) void this.panel.webview.postMessage(post);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.disposables.dispose();
    this.panel.dispose();
  }
}

/** Checks without a schema, which would have to load first: a page must not wait for that. */
function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}

/** Keeps at most one panel of a type, and restores the one that VS Code brings back after a reload. */
export class SinglePanel<P extends WebviewPanel<{ type: string }, { type: string }>>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  private page: P | null = null;

  constructor(
    private readonly id: PanelId,
    private readonly title: string,
    private readonly create: (panel: vscode.WebviewPanel) => P,
  ) {}

  show(): P {
    if (this.page === null)
      this.adopt(vscode.window.createWebviewPanel(this.id, this.title, vscode.ViewColumn.Active, WEBVIEW_OPTIONS));
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
    page.begin();
    panel.onDidDispose(() => {
      if (this.page === page) this.page = null;
    });
  }

  dispose(): void {
    this.page?.dispose();
  }
}
