import assert from 'node:assert/strict';
import { MAX_MESSAGE_BYTES, MAX_TASK_LENGTH } from '../../../../src/core/base/limits';
import type * as Talk from '../../../../src/vscode/commands/sendMessage';
import type * as Start from '../../../../src/vscode/commands/start';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

describe('an input box', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let start: typeof Start.start;
  let talk: typeof Talk;
  let window: WindowProject;
  before(async () => {
    back = vscode.install();
    ({ start } = await import('../../../../src/vscode/commands/start'));
    talk = await import('../../../../src/vscode/commands/sendMessage');
  });
  after(() => back());
  afterEach(() => window.dispose());

  async function open(running: boolean): Promise<void> {
    const team = running ? { agents: [agent(3, 'api', 'idle')] } : { session: null, agents: [], plan: null };
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [],
      sampleSnapshot({ messages: [], ...team }),
    );
    await window.host.require().team();
    vscode.writes = async () => undefined;
  }

  it('accepts the longest goal, and names the limit of a longer one', async () => {
    await open(false);
    await start(window.deps, undefined);
    assert.equal(vscode.problemOf(` ${'g'.repeat(MAX_TASK_LENGTH)} `), undefined);
    assert.match(String(vscode.problemOf('g'.repeat(MAX_TASK_LENGTH + 1))), /32001 .*limit is 32000/);
  });

  it('accepts the longest message, and refuses one byte more', async () => {
    await open(true);
    await talk.messageAgent(window.deps, { subject: { window: 3 } });
    assert.equal(vscode.problemOf('é'.repeat(MAX_MESSAGE_BYTES / 2)), undefined);
    assert.match(String(vscode.problemOf(`${'é'.repeat(MAX_MESSAGE_BYTES / 2)}x`)), /too long/);
  });
});
