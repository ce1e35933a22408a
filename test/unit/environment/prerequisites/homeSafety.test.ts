import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { inspectHome, secureHome } from '../../../../src/environment/prerequisites/homeSafety';

describe("TACO's folder", () => {
  let dir: string;
  let paths: TacoPaths;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-home-')));
    paths = new TacoPaths({ TACO_HOME: join(dir, 'above/home') }, dir);
    mkdirSync(paths.binDir, { recursive: true, mode: 0o755 });
    writeFileSync(join(paths.binDir, 'taco'), '', { mode: 0o700 });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const modeOf = (path: string): number => statSync(path).mode & 0o777;
  const problems = async (): Promise<readonly string[]> =>
    (await inspectHome(paths)).map(({ path, isRepairable }) => `${path.replace(dir, 'D')} ${isRepairable}`);

  it('is safe when only its user can write to it, and to what is above', async () => {
    assert.deepEqual(await problems(), []);
    assert.deepEqual(await secureHome(paths), []);
  });

  it("is repaired when others can write to it, to its programs' folder or to `taco`", async () => {
    for (const path of [paths.home, paths.binDir, join(paths.binDir, 'taco')]) chmodSync(path, 0o777);
    assert.equal((await secureHome(paths)).length, 3);
    for (const path of [paths.home, paths.binDir]) assert.equal(modeOf(path), 0o755);
    assert.deepEqual(await problems(), []);
  });

  it('is refused when others could write to it and left a program there', async () => {
    chmodSync(paths.home, 0o777);
    writeFileSync(join(paths.binDir, 'git'), '');
    await assert.rejects(
      secureHome(paths),
      (error) => isTacoError(error, 'home-unusable') && /git/.test(error.message),
    );
  });

  it('is refused below a folder in which every user can write, unless that is sticky', async () => {
    const above = join(dir, 'above');
    chmodSync(above, 0o777);
    assert.deepEqual(await problems(), ['D/above false']);
    await assert.rejects(
      secureHome(paths),
      (error) => isTacoError(error, 'home-unusable') && error.hint.includes(above),
    );
    chmodSync(above, 0o1777);
    assert.deepEqual(await problems(), []);
  });

  it('is looked at where a link leads to', async () => {
    const link = join(dir, 'link');
    symlinkSync(paths.home, link);
    chmodSync(join(dir, 'above'), 0o777);
    paths = new TacoPaths({ TACO_HOME: link }, dir);
    assert.deepEqual(await problems(), ['D/above false']);
  });

  it('is refused when it belongs to another user', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const { chownSync } = await import('node:fs');
    chownSync(paths.home, 12345, 12345);
    await assert.rejects(
      secureHome(paths),
      (error) => isTacoError(error, 'home-unusable') && /12345/.test(error.message),
    );
  });

  it('names the true reason in one sentence when it cannot be made', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    for (const home of [file, join(file, 'below'), '/proc/taco/home', '/sys/taco/home'])
      await assert.rejects(
        secureHome(new TacoPaths({ TACO_HOME: home }, dir)),
        (error) =>
          isTacoError(error, 'home-unusable') &&
          /is no folder|read-only file system|no right to write|ENOENT/.test(error.message) &&
          error.message.split('. ').length === 1,
        home,
      );
  });
});
