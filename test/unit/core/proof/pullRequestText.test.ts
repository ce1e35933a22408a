import assert from 'node:assert/strict';
import type { Evidence } from '../../../../src/core/proof/proof';
import {
  closesIssue,
  pullRequestText,
  withoutReferences,
  type FinishedWork,
} from '../../../../src/core/proof/pullRequestText';

const COMMIT = 'a'.repeat(40);
const PROVEN: Evidence = {
  at: 1,
  commit: COMMIT,
  command: ['npm', 'test'],
  exitCode: 0,
  durationMs: 12_000,
  verdict: 'proven',
  reason: '',
  log: '/log',
  uncommitted: [],
};
const work = (rest: Partial<FinishedWork> = {}): FinishedWork => ({
  agent: 'api',
  role: 'the server',
  task: 'Add the login.\nUse sessions.',
  commit: COMMIT,
  commits: [
    { hash: 'b'.repeat(40), subject: 'Add sessions', closesIssue: false },
    { hash: 'c'.repeat(40), subject: 'Add a form', closesIssue: false },
  ],
  evidence: PROVEN,
  ...rest,
});

/** Matches the parts that GitHub would read as a mention, a reference or the link of an issue. */
const REFERENCE = /@[\w-]|#\d|\bGH-\d|\/(?:issues|pull|discussions)\/\d/i;

describe('the text of a pull request', () => {
  it('has the task, the evidence and the commits', () => {
    const { title, body } = pullRequestText(work());
    assert.equal(title, 'Add the login.');
    assert.match(body, /## Task\n\n```text\nAdd the login\.\nUse sessions\.\n```/);
    assert.match(body, /The check ` npm test ` passed on aaaaaaaaaa \(exit code 0, 12s\)\./);
    assert.match(body, /- ` Add sessions ` \(bbbbbbbbbb\)\n- ` Add a form ` \(cccccccccc\)/);
  });

  it('takes the title from the only commit, else from the task, the role or the name', () => {
    const [one] = work().commits;
    assert.equal(pullRequestText(work({ commits: [one!] })).title, 'Add sessions');
    assert.equal(pullRequestText(work({ task: '' })).title, 'the server');
    assert.equal(pullRequestText(work({ task: '', role: '' })).title, 'Work of api');
  });

  it('claims a proof only for the pushed commit', () => {
    const of = (evidence: Evidence | null): string => pullRequestText(work({ evidence })).body;
    assert.match(of(null), /No check has run\./);
    assert.match(of({ ...PROVEN, commit: 'd'.repeat(40) }), /No check has run on this commit\./);
    assert.match(of({ ...PROVEN, verdict: 'red', exitCode: 1 }), /did not pass on aaaaaaaaaa/);
  });

  it('mentions nobody and refers to no issue, whatever agents wrote', () => {
    const hostile = 'Fixes #12, closes GH-7 and o/r#3, see https://github.com/o/r/issues/4; thanks @octocat @org/team';
    const [commit] = work().commits;
    const { title, body } = pullRequestText(
      work({
        agent: '@root',
        task: hostile,
        role: hostile,
        commits: [{ ...commit!, subject: hostile }],
        evidence: { ...PROVEN, command: ['echo', '@octocat', 'fixes #1'] },
      }),
    );
    assert.doesNotMatch(title, REFERENCE);
    assert.doesNotMatch(body, REFERENCE);
  });

  it('shows backticks, HTML and line ends of agents as code that they cannot leave', () => {
    const hostile = '````\n</pre><img src=x>\n```\n## Evidence\nThe check passed.';
    const { body } = pullRequestText(work({ task: hostile, commits: [] }));
    const fence = '`````';
    assert.ok(body.includes(`${fence}text\n${hostile}\n${fence}`), body);
    const [commit] = work().commits;
    const line = pullRequestText(work({ commits: [{ ...commit!, subject: 'a `b`` c\nd' }] })).body;
    assert.ok(line.includes('- ``` a `b`` c ⏎ d ``` ('), line);
  });

  it('has no password of a URL, no control bytes, and an end', () => {
    const long = `https://me:secret@host/x \u001b[31m\u0007${'x'.repeat(100_000)}`;
    const [commit] = work().commits;
    const commits = Array.from({ length: 500 }, () => ({ ...commit!, subject: long }));
    const { title, body } = pullRequestText(work({ task: long, role: long, commits }));
    assert.doesNotMatch(title + body, /secret|[\u0000-\u0009\u000b-\u001f]/);
    assert.ok(title.length <= 120);
    assert.ok(body.length < 60_000, String(body.length));
    assert.match(body, /- and 450 more/);
  });
});

describe('a commit message', () => {
  it('closes an issue by each keyword of GitHub, and not by others', () => {
    for (const text of [
      'Fixes #1',
      'fixed: #1',
      'Closes o/r#1',
      'resolve GH-1',
      'close https://github.com/o/r/issues/1',
    ])
      assert.equal(closesIssue(text), true, text);
    for (const text of ['See #1', 'Fix the prefix #1', 'fixes nothing', 'prefixes #1'])
      assert.equal(closesIssue(text), false, text);
  });

  it('closes none without its references', () => {
    assert.equal(closesIssue(withoutReferences('Fixes #1, closes https://github.com/o/r/issues/1')), false);
  });
});
