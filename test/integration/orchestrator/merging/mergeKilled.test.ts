import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MergeQueue } from '../../../../src/environment/merging/mergeQueue';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';
import { TACO } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

const LIMIT_MS = 60_000;
const PASSES = [process.execPath, '-e', '0'];

describe('the merge lane of a leader that is killed', function () {
  this.timeout(6 * LIMIT_MS);
  let bed: ProofTeam;
  let leader: ChildProcess | undefined;
  beforeEach(() => {
    bed = new ProofTeam();
    bed.repository({ 'a.txt': 'a\n' });
  });
  afterEach(async () => {
    leader?.kill('SIGKILL');
    leader = undefined;
    await bed.dispose();
  });

  const [mark, pid] = [() => join(bed.bed.dir, 'mark'), () => join(bed.bed.dir, 'leader.pid')];
  /** A line of a shell script that marks the moment, and goes on once the leader is dead. */
  const waits = (): string => `touch '${mark()}'; while kill -0 "$(cat '${pid()}')" 2>/dev/null; do sleep 0.05; done`;

  function hook(name: string, condition: string): void {
    const file = join(bed.project, '.git/hooks', name);
    writeFileSync(file, `#!/bin/sh\n${condition} || exit 0\n${waits()}\n`);
    chmodSync(file, 0o755);
  }

  const MOMENTS: readonly (readonly [string, () => void])[] = [
    ['while the work is joined', () => hook('pre-merge-commit', 'true')],
    ['while the check runs', () => undefined],
    [
      'before the branch moves',
      () => hook('reference-transaction', `[ "$1" = prepared ] && grep -q ' refs/heads/main$'`),
    ],
    ['after the branch has moved', () => hook('post-merge', `[ "$(pwd)" = '${bed.project}' ]`)],
  ];
  for (const [moment, prepare] of MOMENTS)
    it(`is continued by the next leader, and so is the request that waits: ${moment}`, async () => {
      // The hooks and the check see the test's file of the leader's process.
      const check = join(bed.bed.dir, 'check.sh');
      writeFileSync(check, `${moment.includes('check') ? waits() : 'true'}\n`);
      const mergeCheck = ['sh', check];
      const first = await bed.begin([agent(2, 'api', { check: PASSES }), agent(3, 'web', { check: PASSES })]);
      for (const name of ['api', 'web']) {
        bed.commit((await bed.agent(name)).workspace, { [`${name}.txt`]: name }, `work of ${name}`);
        await bed.done(name);
        await bed.proof(name, 'proven');
      }
      await first.shutdown();
      const where = ['--project', bed.project, '--socket', bed.bed.socket, '--profile', 'scripted'];
      leader = spawn(process.execPath, [TACO, 'up', ...where, '--merge-check', mergeCheck.join(' ')], {
        env: bed.bed.env,
        stdio: 'ignore',
      });
      writeFileSync(pid(), String(leader.pid));
      await bed.until('a leader', (snapshot) => snapshot.leader !== null);
      prepare();

      await bed.team.request({ kind: 'merge', agents: ['api'], ticket: 'one' });
      await waitUntil(() => existsSync(mark()), LIMIT_MS, 'the moment');
      await bed.team.request({ kind: 'merge', agents: ['web'], ticket: 'two' });
      const queue = new MergeQueue(bed.bed.paths.mergeQueue(bed.team.projectId));
      await waitUntil(async () => (await queue.list()).length === 1, LIMIT_MS, 'the request that waits');
      leader.kill('SIGKILL');

      await bed.engine({ mergeCheck });
      const journal = await bed.merged(({ ticket, endedAt }) => ticket === 'two' && endedAt !== null);
      assert.deepEqual(
        journal.steps.map(({ agent: name, state, reason }) => [name, state, reason]),
        [['web', 'merged', '']],
      );
      for (const name of ['api', 'web']) await bed.proof(name, 'merged');
      assert.equal(bed.git(bed.project, 'log', '--merges', '--first-parent', '--format=%s').split('\n').length, 2);
      assert.deepEqual(bed.git(bed.project, 'log', '--no-merges', '--format=%s').split('\n').sort(), [
        'begin',
        'work of api',
        'work of web',
      ]);
      assert.equal(bed.git(bed.project, 'status', '--porcelain'), '');
      assert.equal(bed.git(bed.project, 'show', 'HEAD:web.txt'), 'web');
      assert.deepEqual(await queue.list(), []);
      const { messages } = await bed.team.snapshot();
      assert.ok(!messages.some(({ message }) => /could not be merged|waits for you/.test(message)));
    });
});
