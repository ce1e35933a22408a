import assert from 'node:assert/strict';
import type { LogOutputChannel } from 'vscode';
import { duration, timeOfDay } from '../../../../src/core/base/duration';
import { MAX_TASK_LENGTH } from '../../../../src/core/base/limits';
import { redact, redactText } from '../../../../src/core/base/redact';
import { bodyOf } from '../../../../src/core/messages/address';
import { requestText } from '../../../../src/core/requests/requestText';
import { monitorMessageSchema } from '../../../../src/core/webviews/monitorProtocol';
import { planMessageSchema } from '../../../../src/core/webviews/planReviewProtocol';
import { channelLogger } from '../../../../src/vscode/project/channelLogger';
import { questionHead } from '../../../../src/vscode/shared/inputRequestText';
import { breakable, messageStatus, nameOf } from '../../../../src/vscode/shared/labels';
import { monitorPost } from '../../../../src/vscode/webviews/monitorModel';
import { sampleSnapshot } from '../../../support/vscode/fakeTeam';

describe('Labels of the views', () => {
  it('show ages in the largest useful unit', () => {
    const ages: [number, string][] = [
      [-5, '0s'],
      [59_999, '59s'],
      [60_000, '1m'],
      [9_240_000, '2h 34m'],
      [7_200_000, '2h'],
      [4 * 86_400_000, '4d'],
    ];
    for (const [ms, text] of ages) assert.equal(duration(ms), text);
  });

  it("show the time of day in the user's own time zone", () => {
    assert.equal(timeOfDay(new Date(2026, 0, 2, 3, 4, 5).getTime()), '03:04:05');
  });

  it('keep an unknown reason unchanged', () => {
    assert.equal(messageStatus({ state: 'held', reason: 'comet' }), 'held: comet');
    assert.equal(messageStatus({ state: 'received', reason: '' }), 'received');
  });

  it('name a window without an agent by its label', () => {
    assert.equal(nameOf('AGENT-9', []), 'AGENT-9');
    assert.equal(nameOf('taco-x:0', []), 'Mother');
    assert.equal(nameOf('user', []), 'you');
  });

  it('remove the prefix of a message and nothing else', () => {
    assert.equal(bodyOf('[AGENT-4 → AGENT-3]: [a → b]: x'), '[a → b]: x');
    assert.equal(bodyOf('plain'), 'plain');
  });
});

describe('The text of a hover', () => {
  it('may break between words, but not where spaces have a meaning', () => {
    assert.equal(breakable('one&nbsp;two&nbsp;three'), 'one two three');
    assert.equal(breakable('if&nbsp;x:\n\n&nbsp;&nbsp;return'), 'if x:\n\n&nbsp;&nbsp;return');
    assert.equal(breakable('1.&nbsp;first\n\n&nbsp;x'), '1.&nbsp;first\n\n&nbsp;x');
  });
});

describe('The question of an agent', () => {
  const long =
    'Which of the two payment providers shall the page offer first when a person in Switzerland pays in euros?';

  it('is below the title where it fits, otherwise begins in the title, broken between words', () => {
    assert.deepEqual(questionHead('web asks you', 'Which\nfirst?'), {
      title: 'web asks you',
      placeHolder: 'Which first?',
      whole: true,
    });
    const { title, placeHolder, whole } = questionHead('web asks you', long);
    assert.equal(`${title} ${placeHolder}`, `web asks you: ${long}`);
    assert.ok(whole && title.length <= 76 && placeHolder.length <= 76);
  });

  it('does not count as read where even that is too little', () => {
    assert.equal(questionHead('web asks you', `${long} ${long}`).whole, false);
    assert.equal(questionHead('web asks you', 'x'.repeat(100)).title, `web asks you: ${'x'.repeat(62)}`);
  });

  it('shows all of its options, not JSON, where all of it is shown', () => {
    const input = JSON.stringify({
      questions: [{ question: 'Which first?', options: [{ label: 'A', description: 'the old one' }, { label: 'B' }] }],
    });
    assert.equal(
      requestText({
        id: 'need_a',
        window: 2,
        kind: 'question',
        tool: 'AskUserQuestion',
        input,
        cut: false,
        choices: [],
        at: 0,
      }),
      'Which first?\n\n- A: the old one\n- B',
    );
  });
});

describe('The log', () => {
  it('never contains a password of a URL or the value of a secret field, at any depth', () => {
    assert.equal(redactText('to redis://me:p@ss@h:1/0 now'), 'to redis://me:***@h:1/0 now');
    assert.equal(redactText('redis://:pw@h'), 'redis://:***@h');
    assert.deepEqual(
      redact({ url: 'redis://u:pw@h', deep: [{ TACO_SECRET: 'x', password: 'y', apiKey: 'z', name: 'n' }] }),
      { url: 'redis://u:***@h', deep: [{ TACO_SECRET: '***', password: '***', apiKey: '***', name: 'n' }] },
    );
    assert.doesNotMatch(String(redact(new Error('redis://u:pw@h'))), /pw/);
  });

  it('writes the event and its fields in one line', () => {
    const lines: string[] = [];
    const channel = { info: (line: string) => lines.push(line) } as unknown as LogOutputChannel;
    channelLogger(channel).info('agent.created', { agent: 'a', token: 't' });
    assert.deepEqual(lines, ['agent.created {"agent":"a","token":"***"}']);
  });
});

describe('The messages of the pages', () => {
  it('give the monitor everything that its dashboard shows', () => {
    const post = monitorPost(
      { snapshot: sampleSnapshot(), connected: true, missing: 'none', error: null, ready: true },
      1,
    );
    assert.equal(post.session?.name, 'taco-sample');
    assert.ok((post.session?.startedAt ?? 0) > 0);
    assert.deepEqual([post.session?.active, post.session?.failed], [3, 0]);
    assert.deepEqual(post.session?.queue, { pending: 1, processing: 3, held: 2, completed: 1247, failed: 1 });
    assert.equal(post.activity.length, 3);
    assert.deepEqual(
      post.services.map(({ name, health, web }) => [name, health, web]),
      [
        ['api', 'healthy', true],
        ['database', 'degraded', false],
      ],
    );
  });

  it('refuse from a page another command, another kind of message, or an impossible window', () => {
    const hostile: unknown[] = [
      null,
      'ready',
      {},
      { type: 'run', command: 'x' },
      { type: 'open-terminal', window: -1 },
      { type: 'open-terminal', window: '3' },
      { type: 'retry', id: '../x' },
    ];
    for (const message of hostile)
      assert.equal(monitorMessageSchema.safeParse(message).success, false, JSON.stringify(message));
    for (const message of [
      { type: 'approve' },
      { type: 'approve', revision: 'x' },
      { type: 'reject', at: 1, note: ' ', withEdits: true },
      { type: 'reject', at: 1, note: 'x'.repeat(MAX_TASK_LENGTH + 1), withEdits: true },
      { type: 'edit', seq: 1, edit: { kind: 'set', agent: 0, field: '__proto__', was: '', value: '' } },
      { type: 'edit', seq: 1, edit: { kind: 'remove', agent: -1, was: '' } },
      { type: 'repair', revision: 1, problem: 0 },
    ]) {
      assert.equal(planMessageSchema.safeParse(message).success, false);
    }
    assert.equal(planMessageSchema.safeParse({ type: 'approve', revision: 5 }).success, true);
  });
});
