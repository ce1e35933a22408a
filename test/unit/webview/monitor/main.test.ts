import assert from 'node:assert/strict';
import type { MonitorPost } from '../../../../src/core/webviews/monitorProtocol';
import { monitorPost } from '../../../../src/vscode/webviews/monitorModel';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { openPage, saidIn, scriptOf, type PageElement, type RunPage } from '../../../support/vscode/webviewPage';

const HOSTILE = `</p></script><img src=x onerror="x"> & 'goal' $& \${x}`;

const STATE = { connected: true, missing: 'none', ready: true, error: null } as const;

describe('the monitor when it opens', () => {
  let script = '';
  before(async () => (script = await scriptOf('monitor')));

  function monitor(change: Partial<NonNullable<MonitorPost['session']>> = {}): MonitorPost {
    const post = monitorPost({ ...STATE, snapshot: sampleSnapshot() }, 1);
    return { ...post, session: post.session && { ...post.session, ...change } };
  }
  const open = (post: MonitorPost, at = Date.now()): RunPage => openPage({ script, first: { at, posts: [post] } });
  const said = ({ root }: RunPage): string => saidIn(root).join(' ');
  const shown = ({ root }: RunPage): readonly (string | null)[] =>
    [...root.childNodes].filter(({ hidden }) => !hidden).map((child) => child.getAttribute('class'));

  it('shows its embedded state at once and requests newer data', () => {
    const page = open(monitor({ name: 'taco-first' }));
    assert.match(said(page), /taco-first/);
    assert.ok(shown(page).includes('monitor'));
    assert.deepEqual(page.sent, [{ type: 'ready' }]);
  });

  it('shows no outdated state: a webview that was hidden returns with its original state', () => {
    const page = open(monitor({ name: 'taco-old' }), Date.now() - 60_000);
    assert.doesNotMatch(said(page), /taco-old/);
    assert.deepEqual(
      shown(page).filter((name) => name !== 'notice'),
      [],
    );
    page.post(monitor({ name: 'taco-new' }));
    assert.match(said(page), /taco-new/);
  });

  it('treats a goal as text', () => {
    const page = open(monitor({ goal: HOSTILE }));
    assert.equal(page.root.querySelector('img'), null);
    assert.equal(page.root.querySelector('.goal')?.textContent, HOSTILE);
  });

  it('interrupts an agent that works, and shows what goes on beside an idle one', () => {
    const agents = [agent(2, 'api', 'busy'), agent(3, 'web', 'idle', { background: 'npm run dev\nreview' })];
    const page = open(monitorPost({ ...STATE, snapshot: sampleSnapshot({ agents }) }, 1));
    const buttons = [...page.root.querySelectorAll('.buttons button')].filter(
      ({ textContent, hidden }) => textContent === 'Interrupt' && !hidden,
    );
    assert.equal(buttons.length, 1);
    buttons[0]?.click();
    assert.deepEqual(page.sent.at(-1), { type: 'interrupt-agent', window: 2 });
    assert.match(said(page), /idle, 2 in the background/);
  });

  it('shows the task of each agent and what is known of its work, as text', () => {
    const agents = [
      agent(2, 'api', 'done', {
        proof: 'proven',
        conflicts: JSON.stringify([{ agent: 'web', files: ['<i>a.ts'] }]),
        spec: JSON.stringify({ task: '<b>Write</b> the API.\nThen test it.' }),
      }),
      agent(3, 'web', 'done', { proof: 'reported' }),
      agent(4, 'db', 'idle', { proof: 'stale', spec: '{broken' }),
      agent(5, 'docs', 'idle', { proof: 'red', spec: 'null' }),
      agent(6, 'new', 'busy', { spec: JSON.stringify({ task: 7 }) }),
    ];
    const page = open(monitorPost({ ...STATE, snapshot: sampleSnapshot({ agents }) }, 1));
    const texts = (selector: string): readonly (string | null)[] =>
      [...page.root.querySelectorAll(selector)].map(({ textContent }) => textContent);
    assert.deepEqual(texts('.proof'), ['proven', 'not proven', 'changed after its proof', 'check failed', '']);
    assert.deepEqual(texts('.conflicts'), ['conflicts with web in <i>a.ts', '', '', '', '']);
    assert.deepEqual(texts('.task'), [
      '<b>Write</b> the API.',
      'web of the team',
      'db of the team',
      'docs of the team',
      'new of the team',
    ]);
    assert.equal(page.root.querySelector('b'), null);
  });

  it('shows each request whole, and answers exactly this one', () => {
    const asked = { id: 'need_1', window: 4, kind: 'permission', tool: 'Bash', cut: false, at: 1 } as const;
    const needs = [{ ...asked, input: `{"command":"make <b>all</b>"}`, choices: ['and always allow make'] }];
    const page = open(monitorPost({ ...STATE, snapshot: sampleSnapshot({ needs }) }, 1));
    const card = page.root.querySelector('.requests li');
    assert.equal(card?.querySelector('pre')?.textContent, 'make <b>all</b>');
    const buttons = [...(card?.querySelectorAll('button') ?? [])];
    const labels = buttons.map(({ textContent }) => textContent);
    assert.deepEqual(labels, ['Allow', 'Allow and always allow make', 'Deny…', 'Deny', 'Open Terminal']);
    for (const label of ['Allow', 'Allow and always allow make', 'Deny']) buttons[labels.indexOf(label)]?.click();
    assert.deepEqual(
      page.sent.filter((sent) => (sent as { type: string }).type === 'answer-request'),
      [{ kind: 'allow' }, { kind: 'allow', choice: 0 }, { kind: 'deny', note: '' }].map((answer) => ({
        type: 'answer-request',
        id: 'need_1',
        answer,
      })),
    );
    page.post(monitorPost({ ...STATE, snapshot: sampleSnapshot() }, 2));
    assert.equal(page.root.querySelector('.requests li'), null);
  });

  it('offers no allow for a request of which only the beginning is known', () => {
    const needs = [
      {
        id: 'need_1',
        window: 4,
        kind: 'permission',
        tool: 'Bash',
        input: 'x',
        choices: [] as string[],
        cut: true,
        at: 1,
      } as const,
    ];
    const page = open(monitorPost({ ...STATE, snapshot: sampleSnapshot({ needs }) }, 1));
    const labels = [...(page.root.querySelectorAll('.requests button') ?? [])].map(({ textContent }) => textContent);
    assert.deepEqual(labels, ['Deny…', 'Deny', 'Open Terminal']);
  });

  it('asks for the terminals of unfolded agents only, and shows their text as text', () => {
    const page = open(monitor());
    const row = [...page.root.querySelectorAll('tbody')].find((each) => /backend/.test(each.textContent ?? ''));
    const previews = (): unknown[] => page.sent.filter((sent) => (sent as { type: string }).type === 'previews');
    row?.querySelector('button.fold')?.click();
    assert.deepEqual(previews().at(-1), { type: 'previews', windows: [3] });
    page.post({
      type: 'previews',
      terminals: [{ window: 3, lines: [[{ text: '<i>red', color: 1 }, { text: ' plain' }]] }],
    });
    assert.equal(row?.querySelector('.terminal')?.textContent, '<i>red plain');
    row?.querySelector('button.fold')?.click();
    assert.deepEqual(previews().at(-1), { type: 'previews', windows: [] });
  });

  it('has the goal as its title, and names the session and its leader in the details only', () => {
    const page = open(monitor({ goal: 'Ship it', name: 'taco-x', leader: 'vm:7' }));
    assert.equal(page.root.querySelector('h1')?.textContent, 'Ship it');
    assert.doesNotMatch(page.root.querySelector('.facts')?.textContent ?? '', /taco-x|vm:7/);
    assert.match(page.root.querySelector('.technical')?.textContent ?? '', /taco-x.*vm:7/);
  });

  it('offers a start without a session, and switches to a team when one begins', () => {
    const page = open(monitorPost({ ...STATE, snapshot: null }, 1));
    assert.deepEqual(shown(page), ['idle']);
    page.root.querySelector('.idle button')?.click();
    assert.deepEqual(page.sent, [{ type: 'ready' }, { type: 'start' }]);
    page.post(monitor({ next: 'review-plan' }));
    assert.deepEqual(shown(page), ['notice', 'monitor']);
    assert.match(said(page), /Mother’s plan waits for your approval/);
  });

  it("has one button for the user's next step, and none without one", () => {
    const page = open(monitor({ next: null }));
    const button = (): PageElement | null => page.root.querySelector('.actions .primary');
    assert.equal(button()?.hidden, true);
    for (const [next, words] of [
      ['review-plan', 'Review plan'],
      ['answer', 'Answer…'],
      ['resume', 'Resume Session'],
    ] as const) {
      page.post(monitor({ next }));
      assert.deepEqual([button()?.hidden, button()?.textContent], [false, words]);
      button()?.click();
    }
    assert.deepEqual(page.sent.slice(1), [{ type: 'review-plan' }, { type: 'answer' }, { type: 'resume' }]);
    assert.match(said(page), /The tmux session has ended/);
  });

  it('names the agents of a new team, also for screen readers, if another team had the same windows', () => {
    const page = open(monitor());
    const renamed = sampleSnapshot({ agents: [agent(3, 'painter', 'busy')] });
    page.post(monitorPost({ ...STATE, snapshot: null }, 2));
    page.post(monitorPost({ ...STATE, snapshot: renamed }, 3));
    const row = page.root.querySelector('tbody tr');
    assert.match(saidIn(row!).join(' '), /painter/);
    assert.doesNotMatch(saidIn(row!).join(' '), /backend/);
  });
});
