import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type { WindowSettings } from '../../../../src/vscode/project/settings';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';
import { waitUntil } from '../../../support/waitUntil';

const [mother, api] = [agent(0, 'mother', 'idle'), agent(3, 'api', 'busy')];

describe('The terminal of an agent', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let window: WindowProject;
  let retained: { dispose(): unknown };

  before(() => (back = vscode.install()));
  after(() => back());
  beforeEach(async () => {
    vscode.settings.set('taco.terminalLocation', 'panel');
    vscode.terminals.length = 0;
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [],
      sampleSnapshot({ agents: [mother, api] }),
    );
    const { AgentTerminals } = await import('../../../../src/vscode/terminals/agentTerminals');
    const terminals = new AgentTerminals(window.host);
    retained = window.host.retain();
    await window.host.require().team();
    const backend = { attachArguments: () => ['tmux', 'attach'] };
    for (const each of [mother, api])
      terminals.show(backend, {} as WindowSettings, { tmux_session: 'taco-sample' }, each);
  });
  afterEach(() => {
    retained.dispose();
    window.dispose();
  });

  const names = (): readonly unknown[] =>
    vscode.terminals.map(({ creationOptions }) => (creationOptions as { name: string }).name);
  /** Passes the snapshot to this window. */
  async function shown(snapshot: Snapshot): Promise<void> {
    window.show(snapshot);
    await waitUntil(() => window.host.state.snapshot === snapshot, 5000, 'the snapshot');
  }

  it('is closed when the agent leaves the team: tmux would show Mother in it', async () => {
    await shown(sampleSnapshot({ agents: [mother] }));
    assert.deepEqual(names(), ['TACO: Mother']);
  });

  it('stays when the agent has ended, which can be relaunched there', async () => {
    await shown(sampleSnapshot({ agents: [mother, { ...api, status: 'exited' }] }));
    assert.deepEqual(names(), ['TACO: Mother', 'TACO: api']);
  });

  it('stays when another team is open, whose windows have the same numbers', async () => {
    const { session } = sampleSnapshot();
    await shown(sampleSnapshot({ agents: [mother], session: session && { ...session, tmux_session: 'taco-other' } }));
    assert.deepEqual(names(), ['TACO: Mother', 'TACO: api']);
  });
});
