import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebviewPanel } from 'vscode';
import { samplePlan, sampleSnapshot } from '../../vscode/support/fakeTeam';
import type { PlanDocument } from '../../../src/vscode/plan/planDocument';
import type { ProjectPageContext } from '../../../src/vscode/pages/projectPage';
import { EventEmitter, StandIn } from './standIn';
import { silent, windowProject, type WindowProject } from './windowProject';

/** A panel as VS Code has it: once it is closed, whoever asks for its page gets an error. */
class Panel {
  private closed = false;
  private readonly said = new EventEmitter<unknown>();
  private readonly gone = new EventEmitter<void>();
  readonly posts: { readonly type: string }[] = [];
  readonly visible = true;
  iconPath: unknown;
  readonly onDidDispose = this.gone.event;
  readonly onDidChangeViewState = new EventEmitter<void>().event;
  private readonly page = { options: {}, html: '', onDidReceiveMessage: this.said.event, postMessage: async (post: { readonly type: string }) => this.posts.push(post) };

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
}

describe('A page that is closed', () => {
  const vscode = new StandIn();
  let back: () => void;
  let window: WindowProject;
  let PlanPage: typeof import('../../../src/vscode/pages/planPage').PlanPage;

  before(async () => {
    back = vscode.install();
    ({ PlanPage } = await import('../../../src/vscode/pages/planPage'));
  });
  after(() => back());

  it('is told no more of an edit that its last key press made, and troubles nobody with it', async () => {
    window = await windowProject(vscode, () => import('../../../src/vscode/projectHost'), async () => [], sampleSnapshot({ plan: samplePlan }));
    const folder = mkdtempSync(join(tmpdir(), 'taco-page-'));
    for (const dir of ['media', 'dist/webview']) mkdirSync(join(folder, dir), { recursive: true });
    for (const file of ['media/webview.css', 'media/planReview.css', 'dist/webview/planReview.js']) writeFileSync(join(folder, file), '');
    let made: (done: boolean) => void = () => undefined;
    const edited = new Promise<boolean>((resolve) => (made = resolve));
    const plan = { state: null, canUndo: false, look: async () => null, onChange: () => ({ dispose: () => undefined }), edit: () => edited } as unknown as PlanDocument;
    const context = { host: window.host, logger: silent, extensionUri: vscode.api.Uri.file(folder), loadBackend: async () => ({ parsePlanMessage: (message: unknown) => message }) } as unknown as ProjectPageContext;
    const panel = new Panel();
    new PlanPage(panel as unknown as WebviewPanel, context, plan).begin();
    panel.says({ type: 'ready' });
    panel.says({ type: 'edit', seq: 1, edit: { kind: 'add' } });
    panel.dispose();
    vscode.said.length = 0;
    made(true);
    await edited;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(vscode.said, []);
    window.host.dispose();
  });
});
