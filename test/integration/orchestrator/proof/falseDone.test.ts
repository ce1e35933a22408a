import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';

const NODE = process.execPath;
const PASSES = [NODE, '-e', '0'];
/** Long enough for a check that ends, on a loaded machine, seconds. */
const LIMIT = 20;

/** An agent whose work is not done although it reports so. */
interface FalseDone {
  readonly what: string;
  readonly name: string;
  readonly check: readonly string[];
  /** The work that it reports as done. */
  readonly work: (folder: string) => void;
  readonly proof: NonNullable<AgentRecord['proof']>;
  /** The reason that it gets in a message. */
  readonly reason: RegExp;
  /** A change after its proof; the true done of another agent follows. */
  readonly afterProof?: (folder: string) => void;
}

describe('twelve agents that report done falsely', function () {
  this.timeout(300_000);
  const bed = new ProofTeam();
  const committed =
    (files: Readonly<Record<string, string>> = { 'work.txt': 'done\n' }) =>
    (folder: string): void =>
      void bed.commit(folder, files);
  const removed =
    (...names: string[]) =>
    (folder: string): void => {
      bed.git(folder, 'rm', '-q', ...names);
      bed.commit(folder, {});
    };

  const AGENTS: readonly FalseDone[] = [
    {
      what: 'work whose tests fail',
      name: 'fails',
      check: [NODE, 'tests/all.test.mjs'],
      work: committed({ 'ok.txt': 'no\n' }),
      proof: 'red',
      reason: /ended with exit code 3[^]*ok is no/,
    },
    {
      what: 'work on which the tests crash',
      name: 'crashes',
      check: [NODE, '-e', "process.kill(process.pid, 'SIGKILL')"],
      work: committed(),
      proof: 'red',
      reason: /was ended by a signal/,
    },
    {
      what: 'a file that is not committed',
      name: 'untracked',
      check: PASSES,
      work: (folder) => bed.write(folder, { 'new.txt': 'new\n' }),
      proof: 'red',
      reason: /1 file is not committed \(new\.txt\)/,
    },
    {
      what: 'a file in a submodule that is not committed',
      name: 'inner',
      check: PASSES,
      work: (folder) => bed.write(join(folder, 'lib'), { 'new.txt': 'new\n' }),
      proof: 'red',
      reason: /1 file is not committed \(lib\)/,
    },
    {
      what: 'a commit while the check runs',
      name: 'commits',
      check: [
        NODE,
        '-e',
        "require('child_process').execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'more'])",
      ],
      work: committed(),
      proof: 'red',
      reason: /passed, but the commit changed while it ran/,
    },
    {
      what: 'a hanging check',
      name: 'hangs',
      check: [NODE, '-e', 'setInterval(() => 0, 1000)'],
      work: committed(),
      proof: 'red',
      reason: new RegExp(`ran for more than ${LIMIT} seconds and was ended`),
    },
    {
      what: 'a check that waits for a program which does not end',
      name: 'waits',
      check: ['sh', '-c', "trap '' TERM; sleep 1000; true"],
      work: committed(),
      proof: 'red',
      reason: new RegExp(`ran for more than ${LIMIT} seconds and was ended`),
    },
    {
      what: 'a deleted file of the check that its runner does not miss',
      name: 'deletes',
      check: [NODE, '-e', '0', 'tests/all.test.mjs'],
      work: removed('tests/all.test.mjs'),
      proof: 'red',
      reason: /passed, but its file tests\/all\.test\.mjs was deleted/,
    },
    {
      what: 'a deleted script that is the check',
      name: 'scripts',
      check: ['./run-tests'],
      work: removed('run-tests'),
      proof: 'red',
      reason: /cannot be run \(\.\/run-tests was not found\)/,
    },
    {
      what: 'tests that are all deleted, where the runner passes without any',
      name: 'empties',
      check: [NODE, '--test'],
      work: removed('tests/all.test.mjs'),
      proof: 'red',
      reason: /passed, but every test was deleted \(tests\/all\.test\.mjs\)/,
    },
    {
      what: 'a commit after the proof',
      name: 'later',
      check: PASSES,
      work: committed(),
      proof: 'stale',
      reason: /Files changed after your work was proven/,
      afterProof: committed({ 'work.txt': 'more\n' }),
    },
    {
      what: 'a file that is changed after the proof, within the same turn',
      name: 'drafts',
      check: PASSES,
      work: committed(),
      proof: 'stale',
      reason: /Files changed after your work was proven/,
      afterProof: (folder) => bed.write(folder, { 'work.txt': 'half of more\n' }),
    },
  ];
  let target = '';

  before(async () => {
    const library = join(bed.bed.dir, 'library');
    mkdirSync(library);
    bed.git(library, 'init', '-q', '-b', 'main');
    bed.commit(library, { 'l.txt': 'l\n' });
    const test =
      "import { readFileSync } from 'node:fs';\nconst ok = readFileSync('ok.txt', 'utf8').trim();\nconsole.log('ok is', ok);\nprocess.exit(ok === 'yes' ? 0 : 3);\n";
    bed.repository({ 'ok.txt': 'yes\n', 'tests/all.test.mjs': test, 'run-tests': '#!/bin/sh\nexit 0\n' });
    chmodSync(join(bed.project, 'run-tests'), 0o755);
    bed.git(bed.project, 'submodule', '--quiet', 'add', library, 'lib');
    target = bed.commit(bed.project, {}, 'tests');

    // Each waits for the one before it, so that one that is freed wrongly shows.
    const specs = AGENTS.map(({ name, check }, index) => {
      const before = AGENTS[index - 1];
      const waits = before ? [before.name, ...(before.afterProof ? ['honest'] : [])] : [];
      return agent(index + 2, name, { check: [...check], wait_for: waits });
    });
    const last = specs.length + 2;
    await bed.begin(
      [
        ...specs,
        agent(last, 'ship', { wait_for: ['drafts', 'honest'] }),
        agent(last + 1, 'honest', { check: [NODE, 'tests/all.test.mjs'] }),
      ],
      { checkTimeoutMs: LIMIT * 1000, mergeCheck: [NODE, 'tests/all.test.mjs'] },
    );
    for (const { name, work, afterProof } of AGENTS) {
      const { workspace } = await bed.agent(name);
      work(workspace);
      await bed.done(name);
      if (!afterProof) continue;
      await bed.proof(name, 'proven');
      afterProof(workspace);
    }
    bed.commit((await bed.agent('honest')).workspace, { 'honest.txt': 'done\n' });
    await bed.done('honest');
    await bed.proof('honest', 'proven');
  });
  after(() => bed.dispose());

  for (const { what, name, proof, reason } of AGENTS)
    it(`names ${what}`, async () => {
      const record = await bed.proof(name, proof);
      assert.equal(record.done, false);
      await bed.message(`${record.window}`, reason);
    });

  it('merges only the work that is done, onto a target that stays green', async () => {
    assert.equal(bed.git(bed.project, 'rev-parse', 'main'), target);
    const { steps } = await bed.merge(...AGENTS.map(({ name }) => name), 'honest');
    assert.deepEqual(
      steps.map(({ agent: name, state, reason }) => `${name} ${state} ${reason}`.trim()).sort(),
      [...AGENTS.map(({ name, proof }) => `${name} skipped its work is ${proof}, not proven`), 'honest merged'].sort(),
    );
    assert.equal(bed.git(bed.project, 'diff', '--name-only', target, 'main'), 'honest.txt');
    execFileSync(NODE, ['tests/all.test.mjs'], { cwd: bed.project, encoding: 'utf8' });
  });

  it('frees no agent that waits for one of them', async () => {
    const { messages, agents } = await bed.team.snapshot();
    for (const { window, name } of agents.filter(({ window: each }) => each > 2 && each <= AGENTS.length + 2)) {
      const tasks = messages.filter(({ target: to, type }) => to.endsWith(`:${window}`) && type === 'task');
      assert.deepEqual(
        tasks.map(({ state, reason }) => `${name}: ${state} ${reason}`),
        [`${name}: held waiting`],
      );
    }
    assert.ok(!messages.some(({ message }) => /reports done/.test(message) && !/honest|later|drafts/.test(message)));
  });
});
