import assert from 'node:assert/strict';
import { findLinks } from '../../../../src/vscode/terminals/findLinks';

const said = (line: string, ...names: string[]) =>
  findLinks(line, names).map(({ start, length, target }) => [
    line.slice(start, start + length),
    target.kind === 'file' ? `${target.path}|${target.line}|${target.column}` : `@${target.name}`,
  ]);

describe("links in an agent's terminal", () => {
  it('are paths with their lines, as compilers, tests and agents write them', () => {
    assert.deepEqual(said('● Update(src/a-b.ts) at ./lib/x.py:12:3, ../y.go(4,2) and /etc/hosts'), [
      ['src/a-b.ts', 'src/a-b.ts|1|1'],
      ['./lib/x.py:12:3', './lib/x.py|12|3'],
      ['../y.go(4,2)', '../y.go|4|2'],
      ['/etc/hosts', '/etc/hosts|1|1'],
    ]);
    assert.deepEqual(said('see greet.js:3-5.'), [['greet.js:3', 'greet.js|3|1']]);
  });

  it("are agents' names in any case, as whole words, not inside a path or an address", () => {
    assert.deepEqual(said('Told API about src/api/x.ts, apis and http://localhost/api', 'api'), [
      ['src/api/x.ts', 'src/api/x.ts|1|1'],
      ['API', '@api'],
    ]);
    assert.deepEqual(said('[AGENT-4 → AGENT-3]: hi', 'AGENT-4', 'AGENT-3'), [
      ['AGENT-4', '@AGENT-4'],
      ['AGENT-3', '@AGENT-3'],
    ]);
  });

  it('are looked for in bounded time, whatever an agent prints', () => {
    const timed = (line: string): number => {
      const begun = performance.now();
      findLinks(line, ['api']);
      return performance.now() - begun;
    };
    const plain = timed('a b '.repeat(1000));
    for (const part of ['a', 'a.', 'a/', '../', '.', '/', 'a-./', 'http://'])
      assert.ok(timed(part.repeat(50_000)) < 50 * plain + 50, part);
    assert.deepEqual(said('─────────── ❯ 1. Yes'), []);
  });
});
