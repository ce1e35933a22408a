import assert from 'node:assert/strict';
import { offeredRule, previewRules, type PastRequest } from '../../../../src/core/rules/previewRules';
import { decideByRules, parseRules, patternsOf, type Rule } from '../../../../src/core/rules/rules';

const rule = (patch: Partial<Rule> = {}): Rule => ({
  id: 'r1',
  effect: 'allow',
  tool: 'Bash',
  pattern: 'npm test',
  agents: [],
  until: 0,
  ...patch,
});
const call = (command: string, agent = 'backend') => ({ tool: 'Bash', input: { command }, workspace: '/work', agent });
const kind = (rules: readonly Rule[], command: string, agent?: string): string =>
  decideByRules(rules, call(command, agent), 100).kind;

const offered = (past: readonly PastRequest[], rules: readonly Rule[] = []) => offeredRule(past, rules, 100);

describe('the rules for permissions', () => {
  it('match words, not text, and a star at the end any rest', () => {
    assert.equal(kind([rule()], 'npm   test'), 'allow');
    assert.equal(kind([rule()], 'npm test x'), 'ask');
    assert.equal(kind([rule()], 'npm tests'), 'ask');
    assert.equal(kind([rule({ pattern: 'npm test *' })], 'npm test x y'), 'allow');
    assert.equal(kind([rule({ pattern: 'npm run test:*' })], 'npm run test:unit'), 'allow');
    assert.equal(kind([rule({ pattern: 'npm run test:*' })], 'npm run build'), 'ask');
    assert.equal(kind([rule({ pattern: 'npm .est' })], 'npm test'), 'ask');
  });

  it('allow a line only when each of its commands is allowed', () => {
    const rules = [rule(), rule({ id: 'r2', pattern: 'ls *' })];
    assert.equal(kind(rules, 'npm test && ls src'), 'allow');
    assert.equal(kind(rules, 'npm test && make'), 'ask');
    assert.deepEqual(decideByRules(rules, call('ls && npm test'), 1), { kind: 'allow', rule: 'r2+r1' });
  });

  it('deny when one denies, whatever another allows', () => {
    const rules = [rule(), rule({ id: 'no', effect: 'deny', pattern: 'make *' })];
    assert.deepEqual(decideByRules(rules, call('npm test && make x'), 1), { kind: 'deny', rule: 'no' });
    assert.equal(kind([rule({ effect: 'deny', pattern: '*' })], 'cat "$(x)"'), 'deny');
  });

  it('hold for their agents, their tool and their time only', () => {
    assert.equal(kind([rule({ agents: ['tester'] })], 'npm test'), 'ask');
    assert.equal(kind([rule({ agents: ['tester'] })], 'npm test', 'tester'), 'allow');
    assert.equal(kind([rule({ until: 99 })], 'npm test'), 'ask');
    assert.equal(kind([rule({ tool: 'Shell' })], 'npm test'), 'ask');
  });

  it('match paths inside the folder of the agent', () => {
    const edit = (path: string): string =>
      decideByRules(
        [rule({ tool: 'Edit', pattern: 'src/*' })],
        { tool: 'Edit', input: { file_path: path }, workspace: '/work', agent: 'a' },
        1,
      ).kind;
    assert.deepEqual(['/work/src/a.ts', 'src/b/c.ts', '/work/docs/a.md', '/work/src/../../x'].map(edit), [
      'allow',
      'allow',
      'ask',
      'ask',
    ]);
  });

  it('are none in a damaged file, and only the valid ones in a mixed one', () => {
    assert.deepEqual(parseRules('{'), []);
    assert.deepEqual(parseRules('{"id":"r1"}'), []);
    assert.deepEqual(parseRules(JSON.stringify([rule(), { id: 'r2' }, null, { ...rule(), agents: 'all' }])), [rule()]);
  });

  const past = (command: string, patch: Partial<PastRequest> = {}): PastRequest => ({
    at: 1,
    agent: 'backend',
    tool: 'Bash',
    input: JSON.stringify({ command }),
    workspace: '/work',
    verdict: 'allow',
    by: 'user',
    ...patch,
  });

  it('are offered after the third equal allow of the user, and never across the deny floor', () => {
    assert.equal(offered([past('npm test'), past('npm test')]), null);
    assert.deepEqual(offered([past('npm test'), past('ls'), past('npm test'), past('npm test')]), {
      effect: 'allow',
      tool: 'Bash',
      pattern: 'npm test',
      agents: [],
      until: 0,
    });
    assert.equal(offered(Array(3).fill(past('git push'))), null);
    assert.equal(offered(Array(3).fill(past('npm test', { by: 'r1' }))), null);
    assert.equal(offered(Array(3).fill(past('npm test', { verdict: 'deny' }))), null);
  });

  it('are offered for each command of a line that no rule allows yet, and for changes of the same file', () => {
    const lines = [past('npm run build && npm test'), past('npm test'), past('npm test'), past('npm run build')];
    assert.equal(offered(lines)?.pattern, 'npm test');
    assert.equal(offered([...lines, past('npm run build')], [rule()])?.pattern, 'npm run build');
    assert.equal(offered([...lines, past('npm run build')], [rule(), rule({ pattern: 'npm run build' })]), null);
    const edit = (text: string) =>
      past('', { tool: 'Edit', input: JSON.stringify({ file_path: '/work/src/a.ts', new_string: text }) });
    assert.equal(offered(['1', '2', '3'].map(edit))?.pattern, 'src/a.ts');
  });

  it('are not offered for a word that a pattern would read as several ones, or as any', () => {
    for (const command of ["git commit -m 'a b'", "grep '*' notes.txt", "grep '' notes.txt"])
      assert.deepEqual(patternsOf(call(command)), [], command);
  });

  it('are tried on earlier requests, except on those that were too long to store', () => {
    const seen = previewRules([rule()], [past('npm test'), past('make'), past('x', { input: '' })], 1);
    assert.deepEqual(
      seen.map(({ would }) => would.kind),
      ['allow', 'ask'],
    );
  });
});
