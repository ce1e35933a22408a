import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec } from '../../../../src/core/models';
import { newStep } from '../../../../src/core/proof/mergeJournal';
import { JournalFile } from '../../../../src/environment/merging/journalFile';
import type { Engine } from '../../../../src/orchestrator/engine';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';

const NODE = process.execPath;
const PASSES = [NODE, '-e', '0'];
/** Fails where the files `left.txt` and `right.txt` are both there. */
const NOT_BOTH = [
  NODE,
  '-e',
  "const { existsSync: has } = require('fs'); console.log('checked'); process.exit(has('left.txt') && has('right.txt') ? 4 : 0)",
];

describe('the merge lane', function () {
  this.timeout(240_000);
  let bed: ProofTeam;
  beforeEach(() => {
    bed = new ProofTeam();
    bed.repository({ 'a.txt': 'one\ntwo\nthree\n', 'own.txt': 'mine\n' });
  });
  afterEach(() => bed.dispose());

  /** Begins a team in which each agent has committed these files and is proven. */
  async function proven(
    work: Readonly<Record<string, Readonly<Record<string, string>>>>,
    settings: Parameters<ProofTeam['begin']>[1] = {},
    more: (name: string) => Partial<AgentSpec> = () => ({}),
  ): Promise<Engine> {
    const specs = Object.keys(work).map((name, index) => agent(index + 2, name, { check: PASSES, ...more(name) }));
    const engine = await bed.begin(specs, settings);
    for (const [name, files] of Object.entries(work)) {
      bed.commit((await bed.agent(name)).workspace, files, `work of ${name}`);
      await bed.done(name);
      await bed.proof(name, 'proven');
    }
    return engine;
  }
  const read = (name: string): string => readFileSync(join(bed.project, name), 'utf8');
  const head = (): string => bed.git(bed.project, 'rev-parse', 'HEAD');

  it('merges proven work in the order of the plan, and keeps the commit before each step', async () => {
    await proven({ web: { 'web.txt': 'w' }, api: { 'api.txt': 'a' } }, { mergeCheck: PASSES }, (name) =>
      name === 'web' ? { depends_on: ['api'] } : {},
    );
    bed.write(bed.project, { 'own.txt': 'not committed\n' });
    const begin = head();
    const { steps, target } = await bed.merge();
    assert.deepEqual(
      [target, ...steps.map(({ agent: name, state }) => `${name} ${state}`)],
      ['main', 'api merged', 'web merged'],
    );
    assert.deepEqual([read('web.txt'), read('api.txt'), read('own.txt')], ['w', 'a', 'not committed\n']);
    assert.deepEqual(
      steps.map(({ ref }) => bed.git(bed.project, 'rev-parse', ref)),
      [begin, steps[0]?.result],
    );
    assert.equal(head(), steps[1]?.result);
    await bed.proof('web', 'merged');
    bed.git(bed.project, 'reset', '--keep', steps[0]?.ref ?? '');
    assert.deepEqual([head(), read('own.txt')], [begin, 'not committed\n']);
  });

  it('rebases the commits of agents where the setting says so', async () => {
    await proven({ api: { 'api.txt': 'a' }, web: { 'web.txt': 'w' } }, { mergeMethod: 'rebase' });
    await bed.merge();
    assert.equal(bed.git(bed.project, 'log', '--format=%s'), 'work of web\nwork of api\nbegin');
  });

  it('gives a conflict to its author as a task and goes on with the next', async () => {
    await proven({
      api: { 'a.txt': 'ONE\ntwo\nthree\n' },
      web: { 'a.txt': 'uno\ntwo\nthree\n' },
      qa: { 'qa.txt': 'q' },
    });
    const { steps } = await bed.merge();
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['merged', 'conflict', 'merged'],
    );
    assert.deepEqual(steps[1]?.files, ['a.txt']);
    assert.deepEqual([read('a.txt'), read('qa.txt')], ['ONE\ntwo\nthree\n', 'q']);
    assert.equal(bed.git(bed.project, 'status', '--porcelain'), '');
    await bed.message('3', /conflicts with main in a\.txt.*git merge main/);
    assert.equal((await bed.proof('web', 'conflict')).done, false);

    const { workspace } = await bed.agent('web');
    assert.throws(() => bed.git(workspace, 'merge', 'main'));
    bed.commit(workspace, { 'a.txt': 'uno ONE\ntwo\nthree\n' });
    await bed.done('web');
    await bed.proof('web', 'proven');
    assert.deepEqual(
      (await bed.merge()).steps.map(({ state }) => state),
      ['merged'],
    );
    assert.equal(read('a.txt'), 'uno ONE\ntwo\nthree\n');
  });

  it('leaves the target green when work fails the check only together with other work', async () => {
    await proven({ left: { 'left.txt': 'l' }, right: { 'right.txt': 'r' } }, { mergeCheck: NOT_BOTH });
    const { steps } = await bed.merge();
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['merged', 'red'],
    );
    assert.deepEqual(
      [existsSync(join(bed.project, 'left.txt')), existsSync(join(bed.project, 'right.txt'))],
      [true, false],
    );
    await bed.message('3', /together with main, the check ended with exit code 4[^]*checked/);
    assert.equal((await bed.proof('right', 'red')).done, false);
  });

  it('never touches uncommitted files of the user, and tells which are in the way', async () => {
    await proven({ api: { 'own.txt': 'by the agent\n' } });
    bed.write(bed.project, { 'own.txt': 'not committed\n' });
    const begin = head();
    const { steps } = await bed.merge();
    assert.equal(steps[0]?.state, 'blocked');
    assert.match(steps[0]?.reason ?? '', /own\.txt/);
    assert.deepEqual([head(), read('own.txt')], [begin, 'not committed\n']);
    await bed.message('user', /The merge of api waits for you/);
    bed.git(bed.project, 'checkout', '-q', 'own.txt');
    assert.deepEqual(
      (await bed.merge()).steps.map(({ state }) => state),
      ['merged'],
    );
    assert.equal(read('own.txt'), 'by the agent\n');
  });

  it('merges no work that is stale, red or only reported, and says why', async () => {
    await proven({ api: { 'api.txt': 'a' }, web: { 'web.txt': 'w' } });
    bed.write((await bed.agent('api')).workspace, { 'api.txt': 'changed after the proof' });
    const { steps } = await bed.merge('api', 'web');
    assert.deepEqual(
      steps.map(({ state, reason }) => `${state} ${reason}`.trim()),
      ['skipped its work is stale, not proven', 'merged'],
    );
    assert.equal(existsSync(join(bed.project, 'api.txt')), false);
  });

  it('gives a conflict to its author once when the leader died between the journal and the message', async () => {
    const engine = await proven({ api: { 'a.txt': 'ONE\ntwo\nthree\n' } });
    bed.commit(bed.project, { 'a.txt': 'uno\ntwo\nthree\n' });
    await engine.shutdown();
    const { branch, workspace: path } = { branch: 'taco/api', ...(await bed.agent('api')) };
    const over = { state: 'conflict' as const, files: ['a.txt'], reason: 'conflicts with the target in a.txt' };
    const steps = [{ ...newStep({ agent: 'api', window: 2, branch, path }), ...over }];
    const file = new JournalFile(bed.bed.paths.mergeJournal(bed.team.projectId));
    const journal = {
      id: 'x1',
      ticket: 't',
      at: 1,
      endedAt: null,
      target: 'main',
      method: 'merge',
      check: [],
    } as const;
    for (let leaders = 0; leaders < 2; leaders += 1) {
      await file.write({ ...journal, check: [], steps, problem: '' });
      const next = await bed.engine();
      const { steps: ended } = await bed.merged(({ endedAt }) => endedAt !== null);
      assert.deepEqual(
        ended.map(({ state, notified }) => [state, notified]),
        [['conflict', true]],
      );
      await bed.proof('api', 'conflict');
      await next.shutdown();
    }
    await bed.engine();
    await bed.message('2', /conflicts with main in a\.txt/);
    const { messages } = await bed.team.snapshot();
    assert.equal(messages.filter(({ message }) => message.includes('could not be merged')).length, 1);
  });

  it('merges work as soon as it is proven where the user asked for that, and brings the others up to date', async () => {
    const done = agent(2, 'api', { check: PASSES });
    await bed.begin([done, agent(3, 'qa', { wait_for: ['api'] }), agent(4, 'web')], { mergeWhenProven: true });
    const web = await bed.agent('web');
    bed.commit(web.workspace, { 'web.txt': 'w' });
    bed.commit((await bed.agent('api')).workspace, { 'api.txt': 'a' });
    await bed.done('api');
    await bed.proof('api', 'merged');
    assert.equal(read('api.txt'), 'a');
    await bed.message('4', /main has the work of api now.*git merge main/);
  });
});
