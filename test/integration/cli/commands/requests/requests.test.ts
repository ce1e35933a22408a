import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InputRequest } from '../../../../../src/core/requests/inputRequest';
import { systemClock } from '../../../../../src/environment/systemClock';
import { Keys, projectIdOf } from '../../../../../src/redis/client/keys';
import { InputRequestStore } from '../../../../../src/redis/state/inputRequestStore';
import { RedisStateStore } from '../../../../../src/redis/state/stateStore';
import { silentLogger } from '../../../../support/loggers';
import { CliProject, TACO } from '../../../../support/tacoCommand';
import { waitUntil } from '../../../../support/waitUntil';

const request = (id: string, window = 2): InputRequest => ({
  id,
  window,
  kind: 'permission',
  tool: 'Bash',
  input: JSON.stringify({ command: `rm -r build\u001b[31m\nmake ${id}` }),
  cut: false,
  choices: ['and always allow make'],
  at: Date.now() - 5000,
});

describe('taco requests and taco answer', function () {
  this.timeout(120_000);
  let project: CliProject;
  let store: InputRequestStore;
  before(async () => {
    project = await CliProject.start();
    store = new InputRequestStore(project.redis, project.keys);
  });
  after(() => project.close());
  beforeEach(() => project.begin());
  afterEach(() => project.redis.call('DEL', project.keys.inputRequests));

  /** Acts as the agent's hook: takes the answer and confirms it. */
  async function takeAnswer(of = store, id = 'need_1'): Promise<unknown> {
    for (;;) {
      const word = await of.word(id, 0);
      if (word) {
        await of.confirm(id);
        return word.kind === 'answer' ? word.answer : word.kind;
      }
      await systemClock.sleep(20);
    }
  }

  it('list each request whole, without its escape sequences, with the ways to answer it', async () => {
    await store.open(request('need_1'));
    const { stdout, code } = await project.asUser(['requests']);
    assert.equal(code, 0);
    assert.match(stdout, /^backend \(window 2\) wants to use Bash, for \d+s {2}need_1$/m);
    assert.match(stdout, /rm -r build\S*\n\s+make need_1/);
    assert.match(stdout, /taco answer need_1 allow\|deny\|1/);
    assert.ok(!stdout.includes('\u001b'));
    const { requests } = (await project.asUser(['requests', '--json'])).json<{ requests: Record<string, unknown>[] }>();
    assert.deepEqual(
      requests.map(({ id, agent, kind, project: dir }) => ({ id, agent, kind, dir })),
      [{ id: 'need_1', agent: 'backend', kind: 'permission', dir: project.dir }],
    );
  });

  it('answer by the agent’s name, and refuse a second answer', async () => {
    await store.open(request('need_1'));
    const taken = takeAnswer();
    const first = await project.asUser(['answer', 'backend', 'deny', '--note', 'keep it']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^Denied backend: Bash rm -r build/);
    assert.deepEqual(await taken, { kind: 'deny', note: 'keep it' });
    for (const who of ['backend', 'need_1']) {
      const second = await project.asUser(['answer', who, 'allow', '--json']);
      assert.equal(second.json<{ error: { code: string } }>().error.code, 'need-gone');
    }
  });

  it('refuse an agent, and a name with two open requests', async () => {
    await store.open(request('need_1'));
    await store.open({ ...request('need_2'), at: Date.now() }); // the later one, also within a millisecond
    const asAgent = await project.agent(3, ['answer', 'backend', 'allow', '--json']);
    assert.equal(asAgent.json<{ error: { code: string } }>().error.code, 'type-refused');
    const two = await project.asUser(['answer', 'backend', 'allow']);
    assert.equal(two.code, 2);
    assert.match(two.stderr, /2 open requests[\s\S]*need_1[\s\S]*need_2/);
  });

  it('show and answer requests of another project of this machine', async () => {
    const wanted = join(project.server.paths.home, 'other');
    await mkdir(wanted, { recursive: true });
    const dir = await realpath(wanted);
    const keys = new Keys(projectIdOf(dir));
    const file = project.server.paths.projectFile(keys.projectId);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ dir, socket: 'taco-cli-test' }));
    const state = new RedisStateStore(project.redis, keys, systemClock, silentLogger);
    await state.setSession({
      project_dir: dir,
      started_at: new Date().toISOString(),
      agent_count: 1,
      goal: 'another goal',
      tmux_session: 'taco-other',
      phase: 'running',
    });
    const other = new InputRequestStore(project.redis, keys);
    await other.open(request('need_other', 4));
    await store.open(request('need_1'));
    const { requests } = (await project.asUser(['requests', '--all', '--json'])).json<{
      requests: { id: string; project: string }[];
    }>();
    assert.deepEqual(requests.map(({ id, project: of }) => [id, of]).sort(), [
      ['need_1', project.dir],
      ['need_other', dir],
    ]);
    const { projects } = (await project.asUser(['projects', '--json'])).json<{
      projects: { project: string; goal: string; needs: string[]; state: string }[];
    }>();
    assert.deepEqual(
      projects.map(({ project: of, goal, needs, state: phase }) => [of, goal, needs, phase]),
      [
        [dir, 'another goal', ['agent 4'], 'running'],
        [project.dir, 'a goal', ['backend'], 'running'],
      ].sort(([a], [b]) => String(a).localeCompare(String(b))),
    );
    const taken = takeAnswer(other, 'need_other');
    const ran = await project.asUser(['answer', 'need_other', 'allow']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(await taken, { kind: 'allow' });
    await state.clear();
  });

  it('print each new request once while --watch runs', async () => {
    const child = spawn(process.execPath, [TACO, 'requests', '--watch', '--json', '--project', project.dir], {
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TACO_HOME: project.server.paths.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const closed = new Promise((done) => child.once('close', done));
    try {
      const ids = (): string[] =>
        out
          .split('\n')
          .filter(Boolean)
          .flatMap((line) => (JSON.parse(line) as { id?: string }).id ?? []);
      await store.open(request('need_1'));
      await waitUntil(() => ids().includes('need_1'), 60_000, 'the first request');
      await store.open(request('need_2'));
      await waitUntil(() => ids().includes('need_2'), 60_000, 'the second request');
      child.kill('SIGINT');
      await closed;
      assert.deepEqual(ids(), ['need_1', 'need_2']);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
