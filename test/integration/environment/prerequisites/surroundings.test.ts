import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render } from '../../../../src/core/base/localizedText';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { checkSurroundings } from '../../../../src/environment/prerequisites/surroundings';

describe('the checks of what is around TACO', function () {
  this.timeout(30_000);
  let dir: string;
  let env: Record<string, string>;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-around-')));
    env = { PATH: process.env['PATH'] ?? '', HOME: dir, TMUX_TMPDIR: dir, TACO_HOME: join(dir, 't') };
    for (const folder of ['t/bin', 'project']) mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
  });
  afterEach(() => {
    try {
      execFileSync('tmux', ['-L', 'around', 'kill-server'], { env, stdio: 'ignore' });
    } catch {
      // None was started.
    }
    rmSync(dir, { recursive: true, force: true });
  });
  const checks = async (): Promise<Record<string, string>> => {
    const found = await checkSurroundings({
      paths: new TacoPaths(env, dir),
      projectDir: join(dir, 'project'),
      env,
      tmuxCommand: 'tmux',
      tmuxSocket: 'around',
      redisUrl: undefined,
    });
    for (const { state, cure } of found) assert.equal(cure === null, state === 'ok', 'each that is not ok has a cure');
    return Object.fromEntries(found.map(({ id, state, detail }) => [id, `${state}: ${render(detail)}`]));
  };

  it('are all passed on a plain machine', async () => {
    execFileSync('git', ['init', '-q', join(dir, 'project')], { env });
    const found = await checks();
    assert.deepEqual(
      Object.entries(found).filter(([id, words]) => id !== 'disk' && !words.startsWith('ok:')),
      [],
    );
    assert.deepEqual(Object.keys(found), ['home-safe', 'disk', 'tmux-restore', 'git-hooks']);
  });

  it('name a folder that others can write to, a plugin that restores sessions, and hooks of the running server', async () => {
    chmodSync(join(dir, 't'), 0o777);
    writeFileSync(join(dir, '.tmux.conf'), "# @continuum-restore\nset -g @plugin 'tmux-plugins/tmux-continuum'\n");
    execFileSync('tmux', ['-L', 'around', '-f', '/dev/null', 'new-session', '-d', 'sleep 60'], { env });
    execFileSync('tmux', ['-L', 'around', 'set-hook', '-g', 'pane-died', 'respawn-pane -k'], { env });
    const found = await checks();
    assert.match(found['home-safe'] ?? '', /^warning: .*other users can write/);
    assert.match(found['tmux-restore'] ?? '', /^warning: .*tmux-continuum/);
    assert.match(found['tmux-hooks'] ?? '', /^warning: .*pane-died/);
  });

  it('name git hooks that may refuse a merge, and signing', async () => {
    const project = join(dir, 'project');
    execFileSync('git', ['init', '-q', project], { env });
    execFileSync('git', ['-C', project, 'config', 'commit.gpgsign', 'true'], { env });
    mkdirSync(join(project, '.git/hooks'), { recursive: true });
    writeFileSync(join(project, '.git/hooks/commit-msg'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const found = await checks();
    assert.match(found['git-hooks'] ?? '', /^warning: .*commit-msg/);
    assert.match(found['git-signing'] ?? '', /^warning: /);
  });

  it('name a repository that git refuses for its owner', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const project = join(dir, 'project');
    execFileSync('git', ['init', '-q', project], { env });
    execFileSync('chown', ['-R', '12345', project]);
    assert.match((await checks())['git-ownership'] ?? '', /^warning: .*another user/);
  });
});
