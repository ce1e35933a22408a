import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectIdOf } from '../../../../src/redis/client/keys';
import type { PrerequisiteCheck } from '../../../../src/vscode/project/prerequisites';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

const here = (name: PrerequisiteCheck['name']): PrerequisiteCheck => ({
  name,
  check: { state: 'here', version: '', where: '', error: null },
});
const missing = (name: PrerequisiteCheck['name']): PrerequisiteCheck => ({
  name,
  check: { state: 'missing', version: '', where: '', error: null },
});

describe('The state of the project in a window', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let tools: readonly PrerequisiteCheck[] = [];
  let window: WindowProject;

  before(() => (back = vscode.install()));
  after(() => back());
  beforeEach(async () => {
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => tools,
    );
  });
  afterEach(() => window.dispose());

  /** Simulates a team that another program started here, `taco up` for example. */
  function begunElsewhere(): void {
    const folder = join(vscode.folder, 'home', 'projects', projectIdOf(window.host.require().dir));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'project.json'), '{}');
    window.show(sampleSnapshot());
  }

  it('shows the missing programs before a team exists', async () => {
    tools = [missing('tmux'), here('redis'), here('agent')];
    await window.host.require().check();
    assert.equal(window.host.state.missing, 'tmux');
  });

  it('shows no missing programs once a team runs, since they are installed by then', async () => {
    tools = [missing('tmux'), here('redis'), here('agent')];
    await window.host.require().check();
    tools = [here('tmux'), here('redis'), here('agent')];
    begunElsewhere();
    await window.host.require().check();
    assert.deepEqual([window.host.state.missing, window.host.state.ready], ['none', true]);
  });
});
