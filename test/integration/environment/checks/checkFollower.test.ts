import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckFollower } from '../../../../src/environment/checks/checkFollower';
import { EvidenceStore } from '../../../../src/environment/checks/evidenceStore';
import { runCheck } from '../../../../src/environment/checks/runCheck';
import { waitUntil } from '../../../support/waitUntil';

const LIMIT_MS = 60_000;

describe('The follower of a check', function () {
  this.timeout(2 * LIMIT_MS);
  let folder: string;
  let store: EvidenceStore;
  let follower: CheckFollower | undefined;
  const seen: string[] = [];
  const errors: unknown[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taco-follow-'));
    store = new EvidenceStore(join(folder, 'evidence'));
    seen.length = 0;
    errors.length = 0;
  });
  afterEach(() => {
    follower?.dispose();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(errors, []);
  });

  async function follow(after: number): Promise<void> {
    follower = new CheckFollower(store, 'api', after, {
      onBegin: () => seen.push('begin'),
      onOutput: (text) => seen.push(text),
      onEnd: ({ verdict }) => seen.push(verdict),
      onError: (error) => errors.push(error),
    });
    await follower.start();
  }
  async function run(at: number, script: string): Promise<void> {
    const command = [process.execPath, '-e', script];
    const log = store.logOf('api', at);
    const end = await runCheck({ command, folder, env: process.env, log, timeoutMs: LIMIT_MS });
    const { exitCode, durationMs, reason } = end;
    const verdict = end.isGreen ? 'proven' : 'red';
    await store.keep('api', { at, commit: '', command, exitCode, durationMs, verdict, reason, log, uncommitted: [] });
  }

  it('shows the output while the check runs, its end, and the next run', async () => {
    await run(1, "console.log('before')");
    await follow(1);
    const first = run(
      2,
      "console.log('one \\u001b[31mred\\u001b[0m'); const w = setInterval(() => { if (require('fs').existsSync('go')) { clearInterval(w); console.log('two'); } }, 20)",
    );
    await waitUntil(() => seen.join('').includes('one red\n'), LIMIT_MS, 'live output');
    assert.ok(!seen.join('').includes('two'));
    writeFileSync(join(folder, 'go'), '');
    await first;
    await waitUntil(() => seen.includes('proven'), LIMIT_MS, 'the end');
    assert.equal(seen.join(''), 'beginone red\ntwo\nproven');
    await run(3, 'process.exit(1)');
    await waitUntil(() => seen.includes('red'), LIMIT_MS, 'the next end');
    assert.equal(seen.join(''), 'beginone red\ntwo\nprovenbeginred');
  });

  it('shows a run that has ended already', async () => {
    await run(5, "console.log('done')");
    await follow(0);
    await waitUntil(() => seen.includes('proven'), LIMIT_MS, 'the end');
    assert.equal(seen.join(''), 'begindone\nproven');
  });

  it('keeps the evidence of a hostile name below its folder', () => {
    for (const name of ['../../x', '..', '.', 'a/b']) {
      const below = store.folderOf(name).slice(join(folder, 'evidence').length + 1);
      assert.match(below, /^[^/.][^/]*$/, name);
    }
  });
});
