import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProject } from '../../../../src/cli/runtime/findProject';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { projectIdOf } from '../../../../src/redis/client/keys';

describe('findProject', () => {
  let root = '';
  const at = (...parts: string[]) => join(root, ...parts);
  const know = (dir: string, facts: object | string = { dir }) => {
    const file = new TacoPaths({ TACO_HOME: at('home') }, root).projectFile(projectIdOf(dir));
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, typeof facts === 'string' ? facts : JSON.stringify(facts));
  };
  const find = (
    cwd: string,
    more: { project?: string; redis?: string; socket?: string; env?: Record<string, string>; create?: boolean } = {},
  ) =>
    findProject(
      {
        project: more.project,
        redis: more.redis,
        socket: more.socket,
        env: { TACO_HOME: at('home'), ...more.env },
        cwd,
      },
      more.create,
    );

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-place-')));
    for (const dir of ['p/src/deep', 'other', 'p/inner']) mkdirSync(at(dir), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('finds the nearest known project at or above the current folder', () => {
    know(at('p'));
    assert.equal(find(at('p')).dir, at('p'));
    assert.equal(find(at('p/src/deep')).dir, at('p'));
    know(at('p/inner'));
    assert.equal(find(at('p/inner')).dir, at('p/inner'));
  });

  it('finds it through a symbolic link', () => {
    know(at('p'));
    symlinkSync(at('p/src'), at('link'));
    assert.equal(find(at('link')).dir, at('p'));
    symlinkSync(at('p'), at('alias'));
    assert.equal(find(at('other'), { project: at('alias') }).dir, at('p'));
  });

  it('prefers --project to TACO_PROJECT and that to the current folder', () => {
    know(at('p'));
    know(at('other'));
    know(at('p/inner'));
    assert.equal(find(at('p'), { env: { TACO_PROJECT: at('other') } }).dir, at('other'));
    assert.equal(find(at('p'), { project: 'inner', env: { TACO_PROJECT: at('other') } }).dir, at('p/inner'));
  });

  it('throws when no project is known, unless it may create one', () => {
    assert.throws(
      () => find(at('p/src')),
      (error) => isTacoError(error, 'no-project'),
    );
    assert.throws(
      () => find(at('p'), { project: at('other') }),
      (error) => isTacoError(error, 'no-project'),
    );
    assert.equal(find(at('p/src'), { create: true }).dir, at('p/src'));
    assert.throws(
      () => find(at('p'), { project: at('missing') }),
      (error) => isTacoError(error, 'usage'),
    );
  });

  it('takes Redis and socket from the flag, then the environment, then the project', () => {
    know(at('p'), { dir: at('p'), redisUrl: 'redis://kept', socket: 'kept' });
    assert.deepEqual([find(at('p')).redisUrl, find(at('p')).socket], ['redis://kept', 'kept']);
    assert.equal(find(at('p'), { env: { TACO_REDIS: '/sock' } }).redisUrl, '/sock');
    assert.deepEqual(
      [
        find(at('p'), { redis: '/flag', env: { TACO_REDIS: '/sock' } }).redisUrl,
        find(at('p'), { socket: 'flag' }).socket,
      ],
      ['/flag', 'flag'],
    );
  });

  it('ignores the contents of a damaged project file', () => {
    for (const damaged of ['', '{', '[]', 'null', '{"redisUrl":7,"socket":{}}']) {
      know(at('p'), damaged);
      assert.deepEqual([find(at('p')).redisUrl, find(at('p')).socket], [undefined, 'taco'], damaged);
    }
  });
});
