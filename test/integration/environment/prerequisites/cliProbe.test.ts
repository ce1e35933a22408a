import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { probeCli } from '../../../../src/environment/prerequisites/cliProbe';
import { isProven, saveProbe, pairOf, readProbes } from '../../../../src/environment/prerequisites/probeResults';
import { scriptedProfile } from '../../../../src/profiles/scripted';

describe('an agent CLI that is tried out in a scratch pane', function () {
  this.timeout(60_000);
  let dir: string;
  const env = (): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    TMUX_TMPDIR: dir,
    LANG: 'C.UTF-8',
    TACO_SCRIPTED_RECEIVED: join(dir, 'received'),
  });
  beforeEach(() => (dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-probe-test-')))));
  afterEach(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

  it('shows that typing, new lines, the submit key, hooks and long texts work, and asks no model', async () => {
    const steps = await probeCli({
      profile: scriptedProfile,
      command: { command: process.execPath, args: [] },
      cwd: dir,
      tmuxCommand: 'tmux',
      env: env(),
    });
    assert.deepEqual(
      steps.map(({ step, outcome }) => `${step} ${outcome}`),
      ['start ok', 'typing ok', 'escape ok', 'newline ok', 'submit ok', 'hooks ok', 'long ok'],
      JSON.stringify(steps),
    );
    assert.ok(!readdirSync(dir).includes('received'), 'no prompt got past its hook');
  });

  it('names the step at which a CLI fails: one whose submit key is another, and one that ends', async () => {
    const failed = async (profile: typeof scriptedProfile, command = process.execPath): Promise<string> => {
      const last = (
        await probeCli({ profile, command: { command, args: [] }, cwd: dir, tmuxCommand: 'tmux', env: env() })
      ).at(-1);
      return `${last?.step ?? ''} ${last?.outcome ?? ''}: ${last?.detail ?? ''}`;
    };
    assert.match(
      await failed({ ...scriptedProfile, typing: { ...scriptedProfile.typing, submitKey: 'Left' } }),
      /^submit failed: no hook reported/,
    );
    const broken = join(dir, 'broken');
    writeFileSync(broken, '#!/bin/sh\necho no such option >&2\nexit 3\n', { mode: 0o755 });
    assert.match(await failed(scriptedProfile, broken), /^start failed: it ended: .*status 3/);
  });

  it('is remembered by its version and that of tmux; a damaged memory is none', async () => {
    const paths = new TacoPaths({ TACO_HOME: join(dir, 't') }, dir);
    const pair = pairOf('claude', '2.1.400 (Claude Code)', '3.4');
    assert.equal(pair, 'claude 2.1.400 tmux 3.4');
    assert.deepEqual([isProven(pair), isProven(pairOf('claude', '2.1.331 (Claude Code)', '3.3a'))], [false, true]);
    const probe = { at: 1, ok: true, steps: [{ step: 'typing', outcome: 'ok' as const, detail: 'x' }] };
    await saveProbe(paths, pair, probe);
    await saveProbe(paths, 'other', { ...probe, ok: false });
    assert.deepEqual((await readProbes(paths))[pair], probe);
    writeFileSync(join(paths.home, 'probes.json'), '{"a":');
    assert.deepEqual(await readProbes(paths), {});
  });
});
