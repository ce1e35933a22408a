import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import { agent } from '../../../support/planBuilders';
import { CliProject } from '../../../support/tacoCommand';

interface ErrorJson {
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
}

/** Actions of the user alone, by the command that does them. */
const OF_THE_USER: readonly (readonly string[])[] = [
  ['down'],
  ['plan', 'approve'],
  ['plan', 'reject', 'other plan'],
  ['answer', 'need_absent', 'allow'],
  ['rules', 'add', 'Bash', 'make'],
  ['rules', 'remove', 'r1'],
  ['check', 'run', 'backend'],
  ['check', 'cancel', 'backend'],
  ['check', 'accept', 'backend'],
  ['worktree', 'merge', 'backend'],
  ['worktree', 'remove', 'backend', '--force'],
  ['pr', 'open', 'backend'],
  ['pr', 'open', '--all'],
  ['pr', 'status'],
  ['adopt', '%9', '--as', 'reviewer'],
  ['budget', '5'],
  ['pause'],
  ['resume'],
  ['host', '--forget', 'build'],
  ['send', 'frontend', '/clear', '--slash'],
];
/** Actions of Mother as well. */
const ALSO_OF_MOTHER: readonly (readonly string[])[] = [
  ['plan', 'submit', 'FILE'],
  ['relaunch', 'frontend'],
  ['dead', 'retry', 'cmd_absent'],
  ['dead', 'drop', 'cmd_absent'],
  ['send', 'frontend', 'stop', '--interrupt'],
];

describe('an agent that runs taco', function () {
  this.timeout(300_000);
  let project: CliProject;
  let file: string;
  before(async () => {
    project = await CliProject.start();
    file = join(project.server.paths.home, 'plan.json');
    writeFileSync(file, JSON.stringify({ agents: [agent(2, 'backend'), agent(3, 'frontend')] }));
  });
  after(() => project.close());

  async function refusal(window: number, words: readonly string[]): Promise<string> {
    const args = [...words.map((word) => (word === 'FILE' ? file : word)), '--json'];
    const ran = await project.agent(window, args);
    return ran.stdout === '' ? '' : (ran.json<ErrorJson>().error?.code ?? '');
  }
  const requests = (): Promise<unknown> => project.redis.call('XLEN', project.keys.requests);

  it('is refused everything that only the user may do, and changes nothing', async () => {
    for (const words of OF_THE_USER) {
      const codes = await Promise.all([0, 2].map((window) => refusal(window, words)));
      assert.deepEqual(codes, ['type-refused', 'type-refused'], words.join(' '));
    }
    const codes = await Promise.all(ALSO_OF_MOTHER.map((words) => refusal(2, words)));
    assert.deepEqual(new Set(codes), new Set(['type-refused']));
    assert.deepEqual([await requests(), await project.queue()], [0, []]);
    assert.ok(
      !existsSync(new TacoPaths({ TACO_HOME: project.server.paths.home }, '/').rulesFile(project.keys.projectId)),
    );
  });

  it('may do as Mother what a planner needs', async () => {
    for (const words of ALSO_OF_MOTHER) assert.notEqual(await refusal(0, words), 'type-refused', words.join(' '));
  });
});
