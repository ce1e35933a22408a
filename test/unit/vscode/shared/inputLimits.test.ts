import assert from 'node:assert/strict';
import { MAX_ANSWER_LENGTH, MAX_MESSAGE_BYTES, MAX_TASK_LENGTH } from '../../../../src/core/base/limits';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import type * as Answer from '../../../../src/vscode/commands/answer';
import type * as Budget from '../../../../src/vscode/commands/budget';
import type * as Report from '../../../../src/vscode/commands/report';
import type * as Talk from '../../../../src/vscode/commands/sendMessage';
import type * as Start from '../../../../src/vscode/commands/start';
import type * as Limits from '../../../../src/vscode/shared/inputLimits';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

describe('an input box', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let start: typeof Start.start;
  let talk: typeof Talk;
  let answers: typeof Answer;
  let budget: typeof Budget;
  let report: typeof Report;
  let limits: typeof Limits;
  let window: WindowProject;
  before(async () => {
    back = vscode.install();
    ({ start } = await import('../../../../src/vscode/commands/start'));
    talk = await import('../../../../src/vscode/commands/sendMessage');
    answers = await import('../../../../src/vscode/commands/answer');
    budget = await import('../../../../src/vscode/commands/budget');
    report = await import('../../../../src/vscode/commands/report');
    limits = await import('../../../../src/vscode/shared/inputLimits');
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
    vscode.answers = false;
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

  it('counts what is sent beside the note, and a tab as the spaces that are typed', async () => {
    await open(true);
    const { EditorSender } = await import('../../../../src/vscode/editor/sendToAgent');
    const document = { uri: vscode.api.Uri.file('/work/a.ts') };
    Object.assign(vscode.api.window, { activeTextEditor: { document } });
    vscode.answers = true;
    await new EditorSender(window.deps, {} as never).files(undefined, undefined);
    const room = MAX_MESSAGE_BYTES - '\n\nFile: a.ts'.length;
    for (const [upTo, above] of [
      ['x'.repeat(room), 'x'.repeat(room + 1)],
      [`a${'\t'.repeat(9)}${'x'.repeat(room - 37)}`, `a${'\t'.repeat(9)}${'x'.repeat(room - 36)}`],
    ] as const) {
      assert.equal(vscode.problemOf(upTo), undefined);
      assert.match(String(vscode.problemOf(above)), /too long/);
    }
  });

  it('accepts the longest reason of a denial, in any script, and refuses one character more', async () => {
    await open(true);
    await answers.askDenialReason();
    assert.equal(vscode.problemOf('🌮'.repeat(MAX_ANSWER_LENGTH)), undefined);
    assert.match(String(vscode.problemOf('🌮'.repeat(MAX_ANSWER_LENGTH + 1))), /8001 .*limit is 8000/);
  });

  it('accepts the longest answer to a question, and refuses one character more', async () => {
    await open(true);
    vscode.answers = true; // the only item of the list: an answer of the user's own
    const input = JSON.stringify({ questions: [{ question: 'Which port?', options: [] }] });
    const request: InputRequest = {
      ...{ id: 'need_a', window: 3, kind: 'question', tool: 'AskUserQuestion' },
      ...{ input, cut: false, choices: [], at: 0 },
    };
    await answers.askAnswer(window.deps, await (await window.host.require().team()).snapshot(), request);
    vscode.answers = false;
    assert.equal(vscode.problemOf('x'.repeat(MAX_ANSWER_LENGTH)), undefined);
    assert.match(String(vscode.problemOf('x'.repeat(MAX_ANSWER_LENGTH + 1))), /8001 .*limit is 8000/);
  });

  it('accepts the largest budget, and names the form of a valid one', async () => {
    await open(true);
    await budget.setBudget(window.deps);
    assert.equal(vscode.problemOf('999999.9999'), undefined);
    for (const text of ['1000000', '5.00001', '-1', '5 dollars', ''])
      assert.match(String(vscode.problemOf(text)), /A number of dollars/, text);
  });

  it('accepts a time in the past for a report, and no other', async () => {
    await open(true);
    await report.showReport(window.deps);
    for (const text of ['', '22:00', '8h', '99999m', '2026-01-31']) assert.equal(vscode.problemOf(text), undefined);
    for (const text of ['24:00', '100000m', '8', '9999-01-01', 'yesterday'])
      assert.match(String(vscode.problemOf(text)), /A time in the past/, text);
  });

  it('accepts the longest free name for an agent, and names the limit of a longer one', () => {
    const problem = (text: string): string | undefined => limits.agentNameProblem(text, ['Api']);
    assert.equal(problem('a'.repeat(32)), undefined);
    for (const text of ['a'.repeat(33), '', '2nd', 'a b', '日本'])
      assert.match(String(problem(text)), /at most 32 characters/, text);
    assert.match(String(problem('api')), /already exists/);
  });
});
