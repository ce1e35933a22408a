import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { cached } from '../../harness/cache';
import { select } from '../../harness/cli/main.suites';
import { mochaLanes, mochaSuite } from '../../harness/mochaSuite';
import { MAX_VSIX_BYTES, problemsOf } from '../../harness/packageSuite';
import { MARK, endMarked, run } from '../../harness/processes';
import { Slots } from '../../harness/runConcurrently';
import { allSuites, byDepth } from '../../harness/suites';
import { MissingPackageError, ensureTools, tryTools } from '../../harness/systemPackages';
import { counts } from '../../harness/testResult';

const root = process.cwd();
const shared = { name: 'x', root, parts: [], env: { ...process.env }, slots: new Slots(2) };

describe('the test bed', () => {
  let scratch: string;
  beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'bed-'))));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  /** Runs one test file with the given body as a suite of its own. */
  async function suiteOf(body: string, stallMs = 60_000) {
    const file = join(scratch, 'x.test.js');
    writeFileSync(file, body);
    return await mochaSuite([file], 2000, { ...shared, scratch, stallMs }, true);
  }

  it('counts what passed, failed and was skipped', async function () {
    this.timeout(20_000);
    const outcome = await suiteOf(
      'it("a", () => {}); it("b", () => { throw new Error("meant") }); it.skip("c", () => {});',
    );
    assert.equal(counts(outcome), '1 passed, 1 failed, 1 skipped');
  });

  it('names what failed, with the message and where it was thrown', async function () {
    this.timeout(20_000);
    const { failures } = await suiteOf(
      'describe("a thing", () => it("works", () => { throw new Error("it does not") }));',
    );
    assert.deepEqual(
      failures.map(({ title }) => title),
      ['a thing works'],
    );
    assert.match(failures[0]?.reason ?? '', /^Error: it does not\n {4}at .*x\.test\.js:1/);
  });

  it('counts a process that dies as a failure, and keeps what had passed', async function () {
    this.timeout(20_000);
    const outcome = await suiteOf(
      'it("a", () => {}); it("b", () => { process.kill(process.pid, "SIGKILL"); return new Promise(() => {}) });',
    );
    assert.equal(counts(outcome), '1 passed, 1 failed');
  });

  it('stops a suite that stands still and names the test that stood', async function () {
    this.timeout(40_000);
    const outcome = await suiteOf('it("a", () => {}); it("b", () => { for (;;); }).timeout(100);', 8000);
    assert.equal(counts(outcome), '1 passed, 1 failed');
    assert.match(outcome.failures[0]?.reason ?? '', /no progress for \d+ s in "b"/);
  });

  it('counts test files in which no test ran as a failure', async function () {
    this.timeout(20_000);
    assert.equal(counts(await suiteOf('describe("empty", () => {});')), '0 passed, 1 failed');
  });

  it('adds up files that run side by side: what fails in one process ends no other, and each has folders of its own', async function () {
    this.timeout(30_000);
    const home = 'require("fs").mkdirSync(process.env.TACO_HOME)'; // throws when another file has it, too
    const bodies = [
      `it("a", () => ${home});`,
      `it("b", () => ${home}); it("crashes", () => process.exit(0));`,
      `it("c", () => ${home}); it("leaves something open", () => void setInterval(() => {}, 1000));`,
      `it("d", () => { throw new Error("meant") }); it.skip("e", () => {});`,
      `it("f", () => ${home});`,
    ];
    const files = bodies.map((body, index) => {
      const file = join(scratch, `${index}.test.js`);
      writeFileSync(file, body);
      return file;
    });
    const outcome = await mochaLanes(2, files, 2000, { ...shared, scratch, stallMs: 30_000, lingerMs: 10_000 }, true);
    assert.equal(counts(outcome), '5 passed, 3 failed, 1 skipped');
  });

  it('chooses suites by the beginning of their name, and files by parts of theirs', () => {
    const suites = allSuites(root);
    const chosen = select(suites, ['unit', 'parser']);
    assert.deepEqual(
      chosen.suites.map((suite) => suite.name),
      ['unit'],
    );
    assert.deepEqual(chosen.parts, ['parser']);
    assert.equal(select(suites, []).suites.length, suites.length);
    assert.throws(() => select(suites, ['nonsense']), /There is no suite "nonsense"/);
  });

  it('runs files that stand in no folder first', () => {
    const names = [['b', 'c', 'one'], ['b', 'two'], ['z'], ['a', 'one'], ['c']].map((parts) => parts.join(sep));
    assert.deepEqual(names.sort(byDepth), [
      'c',
      'z',
      ['a', 'one'].join(sep),
      ['b', 'two'].join(sep),
      ['b', 'c', 'one'].join(sep),
    ]);
  });

  it('finds by their mark, and ends, processes that a suite left behind', async () => {
    const mark = `bed-test-${process.pid}`;
    await run('sh', ['-c', 'setsid sleep 300 >/dev/null 2>&1 & sleep 0.2'], { env: { ...process.env, [MARK]: mark } });
    assert.deepEqual(endMarked(mark), ['sleep 300']);
    // The kernel takes a moment to end what was killed.
    for (let tries = 0; tries < 100 && endMarked(mark).length > 0; tries++) await run('sleep', ['0.02']);
    assert.deepEqual(endMarked(mark), []);
  });

  it('never shows a half-made cache folder', async () => {
    const target = join(scratch, 'cache', 'thing');
    const isWhole = async (dir: string) => (await run('cat', [join(dir, 'whole')])).output === 'yes';
    await assert.rejects(
      cached(target, isWhole, async () => {
        throw new Error('no network');
      }),
      /no network/,
    );
    await assert.rejects(
      cached(target, isWhole, async (dir) => writeFileSync(join(dir, 'whole'), 'no')),
      /does not work/,
    );
    assert.equal((await run('ls', [join(scratch, 'cache')])).output, '');
    assert.equal(await cached(target, isWhole, async (dir) => writeFileSync(join(dir, 'whole'), 'yes')), target);
    // A file that was damaged since is made again.
    writeFileSync(join(target, 'whole'), 'damaged');
    assert.equal(await cached(target, isWhole, async (dir) => writeFileSync(join(dir, 'whole'), 'yes')), target);
    assert.equal(await isWhole(target), true);
  });

  describe('where a program may not be installed', () => {
    const tool = { title: 'Frobnicator', commands: ['frobnicate'], packages: ['frobnicator'] };
    const isNamed = (error: unknown) =>
      error instanceof MissingPackageError && /Frobnicator missing.*install (-y )?frobnicator/.test(error.message);
    const before = { PATH: process.env['PATH'], CI: process.env['CI'] };
    beforeEach(() => {
      process.env['PATH'] = scratch;
      delete process.env['CI'];
    });
    afterEach(() => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    });

    it('names the command that installs it', async () => {
      await assert.rejects(ensureTools([tool]), isNamed);
    });

    it('does without it where only some files need it, but not in CI', async () => {
      await tryTools([tool]);
      process.env['CI'] = 'true';
      await assert.rejects(tryTools([tool]), isNamed);
    });
  });

  it('refuses a package that is too big, lacks a bundle, or holds what no user needs', () => {
    const files = [
      'extension.vsixmanifest',
      'extension/package.json',
      'extension/dist/extension.js',
      'extension/dist/taco.js',
    ];
    assert.deepEqual(problemsOf({ path: 'x', bytes: 1000, files }), []);
    assert.match(problemsOf({ path: 'x', bytes: MAX_VSIX_BYTES + 1, files }).join(), /bytes/);
    assert.match(
      problemsOf({ path: 'x', bytes: 1000, files: files.slice(0, 3) }).join(),
      /lacks extension\/dist\/taco\.js/,
    );
    assert.match(
      problemsOf({ path: 'x', bytes: 1000, files: [...files, 'extension/src/core/keys.ts'] }).join(),
      /no user needs/,
    );
  });
});
