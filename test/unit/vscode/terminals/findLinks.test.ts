import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findLinks } from '../../../../src/vscode/terminals/findLinks';

/** Returns a lookup that accepts these files, and every folder above them. */
const knows =
  (...files: string[]) =>
  (path: string): boolean =>
    files.some((file) => file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`));

const linked = (line: string, files: string[], ...names: string[]) =>
  findLinks(line, names, knows(...files)).map(({ start, length, target }) => [
    line.slice(start, start + length),
    target.kind === 'file' ? `${target.path}|${target.line}|${target.column}` : `@${target.name}`,
  ]);

describe("Links in an agent's terminal", () => {
  it('link paths with their positions as compilers, tests and agents write them', () => {
    const files = ['src/a-b.ts', './lib/x.py', '../y.go', '/etc/hosts', 'greet.js', 'src/x.ts', 'tests/test_a.py'];
    assert.deepEqual(linked('● Update(src/a-b.ts) at ./lib/x.py:12:3, ../y.go(4,2) and /etc/hosts', files), [
      ['src/a-b.ts', 'src/a-b.ts|1|1'],
      ['./lib/x.py:12:3', './lib/x.py|12|3'],
      ['../y.go(4,2)', '../y.go|4|2'],
      ['/etc/hosts', '/etc/hosts|1|1'],
    ]);
    assert.deepEqual(linked('see greet.js:3-5.', files), [['greet.js:3', 'greet.js|3|1']]);
    assert.deepEqual(linked('src/x.ts(4, 2): error', files), [['src/x.ts(4, 2)', 'src/x.ts|4|2']]);
    assert.deepEqual(linked('(see src/x.ts:7).', files), [['src/x.ts:7', 'src/x.ts|7|1']]);
    assert.deepEqual(linked('src/x.ts#L7C2', files), [['src/x.ts#L7C2', 'src/x.ts|7|2']]);
    assert.deepEqual(linked('  File "tests/test_a.py", line 31, in test', files), [
      ['tests/test_a.py", line 31', 'tests/test_a.py|31|1'],
    ]);
    assert.deepEqual(linked('file:///etc/hosts:3', files), [['file:///etc/hosts:3', '/etc/hosts|3|1']]);
  });

  it('link a path with spaces, brackets or letters of any script as a whole', () => {
    const names = [
      'app/[id]/page.tsx',
      'app/(shop)/cart/page.tsx',
      'src/日本語/ファイル.ts',
      'docs/My Notes/list.md',
      'src/naïve.ts',
      'My Notes.md',
      'src/a,b=c.ts',
    ];
    for (const name of names)
      for (const [before, after] of [
        ['', ''],
        ['● Update(', ')'],
        ['wrote "', '", then went on'],
        ['see ', ', please.'],
        ['│ ', ' │'],
        ['「', '」'],
      ] as const) {
        const expected = [[`${name}:12`, `${name}|12|1`]];
        assert.deepEqual(linked(`${before}${name}:12${after}`, [name]), expected, `${before}${name}${after}`);
      }
    assert.deepEqual(linked('file:///a/My%20Notes/%E6%97%A5.md:2', ['/a/My Notes/日.md']), [
      ['file:///a/My%20Notes/%E6%97%A5.md:2', '/a/My Notes/日.md|2|1'],
    ]);
  });

  it('do not link a part of a missing path', () => {
    const files = ['app/page.tsx', 'docs/My', 've.ts', 'page.tsx', 'id'];
    for (const line of [
      'app/[id]/page.tsx:12',
      'app/(shop)/cart/page.tsx:3',
      'src/naïve.ts:3',
      'C:\\Users\\me\\page.tsx:3',
      'src\\page.tsx:3',
      '\u001b]8;;https://example.org/page.tsx\u0007words\u001b]8;;\u0007',
    ])
      assert.deepEqual(linked(line, files), [], line);
  });

  it('link a generated file at its line, or nothing', () => {
    const segment = fc
      .string({ unit: fc.constantFrom(...'ab1-_.+@[](){} ,:\'"#%&ïé日本ファ😀'), minLength: 1, maxLength: 8 })
      .filter((text) => text.trim() === text && !/^\.+$/.test(text));
    const around = fc.constantFrom('', 'see ', '(', '"', '● Read(', 'at ', '-> ', 'in docs/ and ');
    const behind = fc.constantFrom('', ' now', ')', '"', '.', ', then', ' (new)', ': error', ' app/other.ts');
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 9999 }),
        around,
        behind,
        (segments, line, before, after) => {
          const path = segments.join('/');
          for (const { target } of findLinks(
            `${before}${path}:${line}${after}`,
            [],
            (each) => each === path || knows(path)(each),
          )) {
            if (target.kind !== 'file' || target.path !== path) continue;
            found += 1;
            assert.equal(target.line, line);
          }
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(found > 1000, `${found} of 2000 were found`);
  });

  it("link agents' names in any case, as whole words, not inside a path or a URL", () => {
    assert.deepEqual(linked('Told API about src/api/x.ts, apis and http://localhost/api', ['src/api/x.ts'], 'api'), [
      ['src/api/x.ts', 'src/api/x.ts|1|1'],
      ['API', '@api'],
    ]);
    assert.deepEqual(linked('[AGENT-4 → AGENT-3]: hi', [], 'AGENT-4', 'AGENT-3'), [
      ['AGENT-4', '@AGENT-4'],
      ['AGENT-3', '@AGENT-3'],
    ]);
  });

  it('are found in bounded time and with a bounded number of lookups, whatever an agent prints', () => {
    let lookups = 0;
    const timed = (line: string): number => {
      const begun = performance.now();
      findLinks(line, ['api'], () => (lookups++, false));
      return performance.now() - begun;
    };
    const plain = timed('a b '.repeat(1000));
    for (const part of ['a', 'a.', 'a/', '../', '.', '/', 'a-./', 'http://', '/a ', '(', 'a(1 ', '/a:1', 'a.b '])
      assert.ok(timed(part.repeat(50_000)) < 50 * plain + 50, part);
    assert.ok(lookups <= 13 * 300, String(lookups));
    assert.deepEqual(linked('─────────── ❯ 1. Yes', []), []);
  });
});
