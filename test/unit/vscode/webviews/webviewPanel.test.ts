import assert from 'node:assert/strict';
import type { PlanPost } from '../../../../src/core/webviews/planReviewProtocol';
import type { PlanDocument } from '../../../../src/vscode/plan/planDocument';
import type * as Monitors from '../../../../src/vscode/webviews/monitorPanel';
import type * as Plans from '../../../../src/vscode/webviews/planReviewPanel';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';
import { Panel, pageContext } from '../../../support/vscode/fakeWebviewPanel';
import { waitUntil } from '../../../support/waitUntil';

describe('A page and the extension', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let window: WindowProject;
  let PlanReviewPanel: typeof Plans.PlanReviewPanel;
  let MonitorPanel: typeof Monitors.MonitorPanel;

  before(async () => {
    back = vscode.install();
    ({ PlanReviewPanel } = await import('../../../../src/vscode/webviews/planReviewPanel'));
    ({ MonitorPanel } = await import('../../../../src/vscode/webviews/monitorPanel'));
  });
  after(() => back());
  beforeEach(async () => {
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [],
      sampleSnapshot({ plan: samplePlan }),
    );
    await window.host.require().team();
  });
  afterEach(() => window.dispose());

  it('report nothing about an edit of the last key press once the page is closed', async () => {
    let made: (done: boolean) => void = () => undefined;
    const edited = new Promise<boolean>((resolve) => (made = resolve));
    const plan = {
      state: null,
      canUndo: false,
      refresh: async () => null,
      onChange: () => ({ dispose: () => undefined }),
      edit: () => edited,
    } as unknown as PlanDocument;
    const panel = new Panel();
    new PlanReviewPanel(panel.asPanel, pageContext(vscode, window), plan).begin();
    panel.says({ type: 'ready' });
    panel.says({ type: 'edit', seq: 1, edit: { kind: 'add' } });
    panel.dispose();
    vscode.said.length = 0;
    made(true);
    await edited;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(vscode.said, []);
  });

  it('report that a late edit was not taken, until another plan is under review', async () => {
    const plan = {
      state: null,
      canUndo: false,
      refresh: async () => null,
      onChange: () => ({ dispose: () => undefined }),
      edit: async () => false,
    } as unknown as PlanDocument;
    const panel = new Panel();
    const page = new PlanReviewPanel(panel.asPanel, pageContext(vscode, window), plan);
    page.begin();
    panel.says({ type: 'ready' });
    const refused = (): unknown => (panel.posts.at(-1) as Partial<PlanPost> | undefined)?.refused;
    panel.says({ type: 'edit', seq: 1, edit: { kind: 'set', agent: 0, field: 'name', was: 'api', value: 'server' } });
    await waitUntil(() => refused() !== null, 5000, 'the refusal');
    assert.deepEqual(refused(), { field: 'name', value: 'server' });
    window.show(sampleSnapshot({ plan: { ...samplePlan, at: samplePlan.at + 1 } }));
    await waitUntil(() => refused() === null, 5000, 'the next plan');
    page.dispose();
  });

  it('send a conversation again to a page that requests it again after it was hidden, although nothing is new', async () => {
    const panel = new Panel();
    const monitor = new MonitorPanel(panel.asPanel, pageContext(vscode, window));
    monitor.begin();
    panel.says({ type: 'ready' });
    const talks = (): number =>
      panel.posts.filter((post) =>
        JSON.stringify(post).startsWith('{"type":"conversation","between":["AGENT-2","AGENT-3"]'),
      ).length;
    panel.says({ type: 'conversation', between: ['AGENT-2', 'AGENT-3'] });
    await waitUntil(() => talks() === 1, 5000, 'the conversation');
    panel.says({ type: 'conversation', between: ['AGENT-2', 'AGENT-3'] });
    await waitUntil(() => talks() === 2, 5000, 'the conversation once more');
    monitor.dispose();
  });
});
