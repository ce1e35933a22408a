import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestHost } from '../../../support/hosts';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';
import { isHostThere } from '../../../support/snapshotChecks';

const NODE = process.execPath;
const PASSES = [NODE, '-e', '0'];
const WRITES_ENV = [NODE, '-e', "require('fs').writeFileSync(process.env.OUT, JSON.stringify(process.env))"];

describe('the place of a check', function () {
  this.timeout(240_000);
  let bed: ProofTeam;
  let host: TestHost | undefined;
  beforeEach(() => {
    bed = new ProofTeam();
    bed.repository({ 'a.txt': 'a\n' });
  });
  afterEach(async () => {
    await host?.dispose();
    host = undefined;
    await bed.dispose();
  });

  it('gives a check the port, the account and the additions of its agent, and no secret', async () => {
    const out = join(bed.bed.dir, 'env.json');
    await bed.begin([agent(2, 'api', { check: WRITES_ENV, account: 'work' })], {
      accounts: { work: { ACCOUNT_OF: 'work' } },
      agentEnv: { OUT: out },
    });
    await bed.done('api');
    await bed.proof('api', 'proven');
    const env = JSON.parse(readFileSync(out, 'utf8')) as Record<string, string>;
    const script = readFileSync(bed.bed.paths.launchScript(bed.team.projectId, 2), 'utf8');
    const port = /^export PORT='?(\d+)'?$/m.exec(script)?.[1];
    assert.ok(port);
    assert.deepEqual([env['PORT'], env['ACCOUNT_OF'], env['TACO_AGENT']], [port, 'work', 'api']);
    assert.equal(env['TACO_SECRET'], undefined);
  });

  it('frees nobody by the words of an agent on another host that has a check, until the user accepts them', async () => {
    const team = await bed.open();
    await bed.engine();
    host = new TestHost(bed.bed, 'build', { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '20' });
    host.join();
    await bed.until('the host', isHostThere('build'));
    const far = agent(2, 'far', { check: PASSES, host: 'build' });
    await bed.run([far, agent(3, 'near', { wait_for: ['far'] })]);
    await bed.done('far', 'built there');
    assert.equal((await bed.proof('far', 'reported')).done, false);
    await bed.message(
      'user',
      /far reports done, but nothing proves it: it works on the host build.*taco check accept far/,
    );
    const task = (await team.snapshot()).messages.find(({ target, type }) => target.endsWith(':3') && type === 'task');
    assert.equal(task?.reason, 'waiting');

    await team.request({ kind: 'accept-work', window: 2 });
    await bed.message('0', /far \(AGENT-2\) reports done: built there/);
    await bed.until(
      'the task of near',
      ({ messages, agents }) =>
        messages.some(({ target, type, state }) => target.endsWith(':3') && type === 'task' && state === 'received') &&
        agents.some(({ name, done }) => name === 'far' && done),
    );
  });

  it('tells the user when a check cannot run for a reason that is not the agent’s', async () => {
    const engine = await bed.begin([agent(2, 'api', { check: PASSES, account: 'work' })], {
      accounts: { work: { ACCOUNT_OF: 'work' } },
    });
    await engine.shutdown();
    await bed.engine({ accounts: {} });
    await bed.done('api');
    await bed.message('user', /The check of api cannot run: There is no account "work"/);
    assert.equal((await bed.proof('api', '')).done, false);
  });
});
