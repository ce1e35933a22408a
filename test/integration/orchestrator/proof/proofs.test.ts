import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceOf } from '../../../../src/core/proof/proof';
import { isRunning } from '../../../../src/redis/server/processes';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';
import { waitUntil } from '../../../support/waitUntil';

const NODE = process.execPath;
/** Passes while `ok.txt` says yes. */
const CHECK = [NODE, 'check.mjs'];
const FILES = {
  'check.mjs':
    "import { readFileSync } from 'node:fs';\nconst ok = readFileSync('ok.txt', 'utf8').trim();\nconsole.log('ok is', ok);\nprocess.exit(ok === 'yes' ? 0 : 3);\n",
  'ok.txt': 'no\n',
};

describe('the proof of work', function () {
  this.timeout(180_000);
  let bed: ProofTeam;
  beforeEach(() => {
    bed = new ProofTeam();
    bed.repository(FILES);
  });
  afterEach(() => bed.dispose());

  it('frees agents that wait only when the check passes, and keeps the evidence', async () => {
    await bed.begin([agent(2, 'api', { check: CHECK, notifies: ['qa'] }), agent(3, 'qa', { wait_for: ['api'] })]);
    const { workspace } = await bed.agent('api');
    await bed.done('api');
    const red = await bed.proof('api', 'red');
    assert.equal(red.done, false);
    const sent = await bed.message('2', /is not done yet/);
    assert.match(sent.message, /ended with exit code 3/);
    assert.match(sent.message, /ok is no/);
    assert.match(sent.message, /run taco done again/);
    const task = (await bed.team.snapshot()).messages.find(
      ({ target, type }) => target.endsWith(':3') && type === 'task',
    );
    assert.equal(task?.reason, 'waiting');

    const commit = bed.commit(workspace, { 'ok.txt': 'yes\n' });
    await bed.done('api', 'built');
    const proven = await bed.proof('api', 'proven');
    const evidence = evidenceOf(proven);
    assert.ok(evidence);
    assert.deepEqual(
      [evidence.commit, evidence.exitCode, evidence.verdict, evidence.command],
      [commit, 0, 'proven', CHECK],
    );
    assert.equal(readFileSync(evidence.log, 'utf8'), 'ok is yes\n');
    await bed.message('3', /api \(AGENT-2\) reports done, proven by `.*check\.mjs` at [0-9a-f]{10}: built/);
    await bed.until('the task of qa', ({ messages }) =>
      messages.some(({ target, type, state }) => target.endsWith(':3') && type === 'task' && state === 'received'),
    );
  });

  it('asks for a commit before it runs the check, and names a proof that has become stale', async () => {
    await bed.begin([agent(2, 'api', { check: CHECK })]);
    const { workspace } = await bed.agent('api');
    bed.write(workspace, { 'ok.txt': 'yes\n', 'new.txt': 'x' });
    await bed.done('api');
    await bed.message('2', /2 files are not committed \(ok\.txt, new\.txt\)/);
    assert.equal((await bed.proof('api', 'red')).done, false);
    bed.commit(workspace, {});
    await bed.done('api');
    assert.equal((await bed.proof('api', 'proven')).done, true);

    bed.commit(workspace, { 'ok.txt': 'no\n' });
    await bed.team.send({ from: { kind: 'user' }, to: 'api', text: 'one more turn' });
    const stale = await bed.proof('api', 'stale');
    assert.equal(stale.done, false);
    await bed.message('2', /Files changed after your work was proven/);
  });

  it('counts no check whose file was deleted, and no check that is not there', async () => {
    await bed.begin([
      agent(2, 'gone', { check: [NODE, '--test-reporter=dot', '-e', '0', 'ok.txt'] }),
      agent(3, 'absent', { check: ['/nowhere/check'] }),
    ]);
    const { workspace } = await bed.agent('gone');
    rmSync(join(workspace, 'ok.txt'));
    bed.commit(workspace, {});
    await bed.done('gone');
    await bed.done('absent');
    await bed.message('2', /passed, but its file ok\.txt was deleted/);
    await bed.message('3', /cannot be run \(\/nowhere\/check was not found\)/);
    assert.deepEqual([(await bed.proof('gone', 'red')).done, (await bed.proof('absent', 'red')).done], [false, false]);
  });

  it('ends a check that hangs with everything that it started, and one that is cancelled', async () => {
    const hangs = [NODE, '-e', "require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => 0, 1000)"];
    await bed.begin([agent(2, 'api', { check: hangs })], { checkTimeoutMs: 4000 });
    const { workspace } = await bed.agent('api');
    await bed.done('api');
    await bed.message('2', /ran for more than 4 seconds and was ended/);
    const pid = Number(readFileSync(join(workspace, 'pid'), 'utf8'));
    assert.equal(isRunning(pid), false);
    rmSync(join(workspace, 'pid'));
    await bed.proof('api', 'red');
    await bed.team.request({ kind: 'run-check', window: 2 });
    await waitUntil(() => existsSync(join(workspace, 'pid')), 60_000, 'the second run');
    await bed.team.request({ kind: 'cancel-check', window: 2 });
    const cancelled = await bed.proof('api', '');
    assert.equal(cancelled.done, false);
  });

  it('asks the user after three failed checks', async () => {
    await bed.begin([agent(2, 'api', { check: CHECK })]);
    for (const times of [1, 2, 3]) {
      await bed.done('api');
      await bed.until(`red ${times}`, ({ agents }) => agents.some(({ reds }) => reds === times));
    }
    const asked = await bed.message('user', /failed 3 times/);
    assert.match(asked.message, /taco check show api/);
    await bed.message('2', /the user is asked\. Stop, and wait/);
  });

  it('asks an agent that stops without a report once, and tells Mother', async () => {
    await bed.begin([agent(2, 'api', { check: CHECK }), agent(3, 'free')], { askAfterMs: 300 });
    await bed.message('2', /You stopped without reporting/);
    await bed.message('0', /api stopped without reporting done/);
    const { messages } = await bed.until('asked', ({ agents }) => agents.some(({ asked }) => asked === true));
    assert.ok(!messages.some(({ target, message }) => target.endsWith(':3') && message.includes('without reporting')));
  });

  it('takes the words of an agent without a check, and says so', async () => {
    await bed.begin([agent(2, 'api')]);
    await bed.done('api');
    assert.equal((await bed.proof('api', 'reported')).done, true);
    await bed.message('0', /api \(AGENT-2\) reports done: it works/);
  });

  it('runs no check that somebody wrote into Redis, and tells the user', async () => {
    const engine = await bed.begin([agent(2, 'api', { check: CHECK })]);
    await engine.shutdown();
    const { window, spec } = await bed.agent('api');
    const other = [NODE, '-e', "require('fs').writeFileSync('injected', '')"];
    const { redis, keys } = bed.team;
    await redis.call('HSET', keys.agent(window), 'spec', JSON.stringify({ ...JSON.parse(spec), check: other }));
    await bed.engine();
    await bed.done('api');
    const sent = await bed.message('user', /The check of api cannot run: No plan with .*injected.* was approved/);
    assert.match(sent.message, /taco check accept api/);
    assert.equal((await bed.proof('api', '')).done, false);
    assert.ok(!existsSync(join((await bed.agent('api')).workspace, 'injected')));
  });

  it('runs the check again after the leader ended in the middle of it, and tells once', async () => {
    const slow = [NODE, '-e', "require('fs').appendFileSync(process.env.RUNS, 'x'); setTimeout(() => 0, 3000)"];
    const settings = { agentEnv: { RUNS: join(bed.bed.dir, 'runs') } };
    const engine = await bed.begin([agent(2, 'api', { check: slow })], settings);
    await bed.done('api');
    await waitUntil(() => existsSync(join(bed.bed.dir, 'runs')), 60_000, 'the first run');
    await engine.shutdown();
    await bed.engine(settings);
    await bed.proof('api', 'proven');
    assert.equal(readFileSync(join(bed.bed.dir, 'runs'), 'utf8'), 'xx');
    await bed.message('0', /proven by/);
    const sent = (await bed.team.snapshot()).messages.filter(({ message }) => message.includes('reports done'));
    assert.equal(sent.length, 1);
  });
});
