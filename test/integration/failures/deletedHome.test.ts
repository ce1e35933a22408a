import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findRedisServer, isRunning } from '../../../src/redis/server/processes';
import { pidOf } from '../../../src/redis/server/redisServer';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../support/machine';
import { waitUntil } from '../../support/waitUntil';

const PATIENCE_MS = 60_000;

describe('TACO_HOME that is deleted while a team runs', function () {
  this.timeout(240_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  function filesOf(window: number): readonly string[] {
    const { paths } = machine;
    return [join(paths.binDir, 'taco'), paths.projectFile(project.id), paths.launchScript(project.id, window)];
  }

  /** Resolves once the leader has read the present version of these files. */
  async function isRead(files: readonly string[]): Promise<void> {
    const changed = Math.max(...files.map((path) => statSync(path).mtimeMs));
    const log = join(machine.paths.logDir, `${project.id}.log`);
    const latest = (): number =>
      Math.max(
        0,
        ...[...readFileSync(log, 'utf8').matchAll(/"home\.read","latest":([\d.]+)/g)].map(([, at]) => Number(at)),
      );
    await waitUntil(() => latest() >= changed, PATIENCE_MS, 'the leader’s copy');
  }

  async function serverPid(): Promise<number> {
    return (await pidOf(machine.paths)) ?? assert.fail('no Redis');
  }

  async function isRepaired(server: number): Promise<void> {
    const { paths } = machine;
    const repaired = async (): Promise<boolean> =>
      existsSync(paths.redisSocket) && !isRunning(server) && (await pidOf(paths)) !== null;
    await waitUntil(repaired, PATIENCE_MS, 'the repair');
  }

  async function delivers(text: string): Promise<void> {
    const sent = await project.taco(['send', 'api', text, '--wait', 'received', '--timeout', '60']);
    assert.equal(sent.code, 0, sent.text);
  }

  it('is written again by the leader, with every key of Redis: the same team goes on', async () => {
    const run = await project.begin();
    await delivers('before');
    const contents = (): readonly string[] => filesOf(2).map((path) => readFileSync(path, 'utf8'));
    const before = { agents: await project.agents(), clis: await project.cliProcesses('api'), files: contents() };
    await isRead(filesOf(3));
    const server = await serverPid();
    rmSync(machine.paths.home, { recursive: true });
    await isRepaired(server);
    await waitUntil(() => filesOf(2).every((path) => existsSync(path)), PATIENCE_MS, 'the files');
    assert.deepEqual(contents(), before.files);
    assert.equal(statSync(machine.paths.home).mode & 0o777, 0o700);
    await delivers('after');
    const waiting = await project.taco(['messages', '--json']);
    assert.match(waiting.text, /before/);
    assert.deepEqual(
      (await project.agents()).map(({ name, pane, sessionId }) => [name, pane, sessionId]),
      before.agents.map(({ name, pane, sessionId }) => [name, pane, sessionId]),
    );
    assert.deepEqual(await project.cliProcesses('api'), before.clis);
    assert.match((await project.taco(['monitor', '--once', '--json'])).text, /was deleted while the team runs/);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
    assert.deepEqual(await project.processes(), []);
  });

  it('keeps a message that waits for its agent', async () => {
    const run = await project.begin();
    const paused = await project.taco(['pause']);
    assert.equal(paused.code, 0, paused.text);
    assert.equal((await project.taco(['send', 'api', 'waits over the deletion'])).code, 0);
    const server = await serverPid();
    rmSync(machine.paths.home, { recursive: true });
    await isRepaired(server);
    assert.equal((await project.taco(['resume'])).code, 0);
    const isReceived = (): boolean => project.received().some((text) => text.includes('waits over the deletion'));
    await waitUntil(isReceived, PATIENCE_MS, 'the message');
    assert.equal(project.received().filter((text) => text.includes('waits over the deletion')).length, 1);
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });

  it('starts no second team when nobody leads, and taco down ends the first and its Redis', async () => {
    await (await project.begin()).leave();
    const [server, clis] = [await serverPid(), await project.cliProcesses('api')];
    rmSync(machine.paths.home, { recursive: true });
    const again = await project.taco(['up', '--profile', 'scripted', '--plan', 'plan.json', '--yes']);
    assert.notEqual(again.code, 0);
    assert.match(again.text, /still run .*`taco down` ends them/s);
    assert.deepEqual(await project.cliProcesses('api'), clis);
    assert.ok(!isRunning(server), 'two servers');
    rmSync(machine.paths.home, { recursive: true });
    const down = await project.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.deepEqual(await project.processes(), []);
  });

  it('is not a project to taco down when none of its processes run', async () => {
    mkdirSync(machine.paths.home, { recursive: true });
    const down = await project.taco(['down']);
    assert.equal(down.code, 3, down.text);
    assert.equal(await findRedisServer(machine.paths.redisSocket, machine.paths.redisDir), null);
  });
});
