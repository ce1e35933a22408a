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
  look: { state: 'here', version: '', where: '', error: null },
});
const missing = (name: PrerequisiteCheck['name']): PrerequisiteCheck => ({
  name,
  look: { state: 'missing', version: '', where: '', error: null },
});

describe('What a window knows of the project', () => {
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

  /** Somebody has begun a team here, with `taco up` say. */
  function begunElsewhere(): void {
    const folder = join(vscode.folder, 'home', 'projects', projectIdOf(window.host.require().dir));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'project.json'), '{}');
    window.show(sampleSnapshot());
  }

  it('is what is missing, before a team is there', async () => {
    tools = [missing('tmux'), here('redis'), here('agent')];
    await window.host.require().check();
    assert.equal(window.host.state.needs, 'tmux');
  });

  it('is that nothing is missing any more, once a team runs: what was missing is there by now, and may be asked for again', async () => {
    tools = [missing('tmux'), here('redis'), here('agent')];
    await window.host.require().check();
    tools = [here('tmux'), here('redis'), here('agent')];
    begunElsewhere();
    await window.host.require().check();
    assert.deepEqual([window.host.state.needs, window.host.state.ready], ['none', true]);
  });
});
