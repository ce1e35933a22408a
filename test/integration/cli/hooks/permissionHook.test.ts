import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { InputRequest, InputResponse } from '../../../../src/core/requests/inputRequest';
import { systemClock } from '../../../../src/environment/systemClock';
import { readDecisions } from '../../../../src/redis/state/decisionLog';
import { InputRequestStore } from '../../../../src/redis/state/inputRequestStore';
import { answerRequest } from '../../../../src/team/requests/answerRequest';
import { silentLogger } from '../../../support/loggers';
import { CliProject, TACO } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

const INPUT = {
  session_id: 's',
  tool_name: 'Bash',
  tool_input: { command: 'rm -r "build"; $HOME' },
  permission_suggestions: [
    {
      type: 'addRules',
      rules: [{ toolName: 'Bash', ruleContent: 'rm:*' }],
      behavior: 'allow',
      destination: 'localSettings',
    },
  ],
};

interface Waiting {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly ended: Promise<number | null>;
}

describe('taco hook PermissionRequest', function () {
  this.timeout(30_000);
  let project: CliProject;
  let store: InputRequestStore;
  const children: ChildProcess[] = [];

  before(async () => {
    project = await CliProject.start();
    store = new InputRequestStore(project.redis, project.keys);
  });
  after(() => project.close());
  beforeEach(async () => {
    await project.begin();
    await project.redis.call('SET', project.keys.lease, 'host:1');
  });
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  /** Runs the hook as the CLI does, with standard output in a pipe. */
  function ask(
    input: unknown = INPUT,
    command: readonly string[] = [process.execPath, TACO],
    profile = 'claude',
  ): Waiting {
    const child = spawn(command[0] ?? '', [...command.slice(1), 'hook', 'PermissionRequest'], {
      env: { PATH: process.env['PATH'] ?? '', ...project.agentEnv(3), TACO_PROFILE: profile },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    let out = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stdin?.end(JSON.stringify(input));
    return { child, out: () => out, ended: new Promise((done) => child.on('close', done)) };
  }
  const open = async (): Promise<InputRequest[]> => (await store.raw()).map((text) => JSON.parse(text) as InputRequest);
  async function asked(): Promise<InputRequest> {
    await waitUntil(async () => (await open()).length > 0);
    return (await open())[0] as InputRequest;
  }
  const give = (
    id: string,
    answer: InputResponse,
    from: Parameters<typeof answerRequest>[3] = { kind: 'user' },
  ): Promise<void> =>
    answerRequest(
      { redis: project.redis, keys: project.keys, clock: systemClock, log: silentLogger },
      id,
      answer,
      from,
    );

  it('shows the request, and prints the decision of the user', async () => {
    const hook = ask();
    const request = await asked();
    assert.deepEqual(
      [request.window, request.kind, request.tool, JSON.parse(request.input), request.choices],
      [3, 'permission', 'Bash', INPUT.tool_input, ['and always allow Bash(rm:*) in this project from now on']],
    );
    await give(request.id, { kind: 'allow', choice: 0 });
    assert.equal(await hook.ended, 0);
    assert.deepEqual(JSON.parse(hook.out()), {
      hookSpecificOutput: {
        hookEventName: 'PermissionRequest',
        decision: { behavior: 'allow', updatedPermissions: INPUT.permission_suggestions },
      },
    });
    assert.deepEqual(await open(), []);
  });

  it('accepts one answer per request, however many arrive at once', async () => {
    const hook = ask();
    const { id } = await asked();
    const given = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => give(id, i % 2 ? { kind: 'allow' } : { kind: 'deny', note: `no ${i}` })),
    );
    assert.equal(given.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const each of given) if (each.status === 'rejected') assert.ok(isTacoError(each.reason, 'need-gone'));
    await hook.ended;
    assert.equal(hook.out().match(/"behavior"/g)?.length, 1);
  });

  it('prints nothing for an answer that does not fit the request, and reports that to its sender', async () => {
    const hook = ask({ ...INPUT, tool_name: 'AskUserQuestion', tool_input: { questions: [{ question: 'Which?' }] } });
    await assert.rejects(give((await asked()).id, { kind: 'allow' }), (error) => isTacoError(error, 'answer-refused'));
    assert.equal(await hook.ended, 0);
    assert.equal(hook.out(), '');
  });

  it('refuses an answer from an agent, whatever name it uses', async () => {
    ask();
    const { id } = await asked();
    for (const window of [2, 3, 0])
      await assert.rejects(
        give(id, { kind: 'allow' }, { kind: 'agent', window, secret: `secret-${window}` }),
        (error) => isTacoError(error, 'sender-refused'),
      );
    assert.equal((await open()).length, 1);
  });

  it('ends without another prompt when its request is closed', async () => {
    const hook = ask();
    await store.end(3, [(await asked()).id]);
    assert.equal(await hook.ended, 0);
    assert.equal(hook.out(), '');
  });

  it('ends and closes its request when the CLI ends it', async () => {
    const hook = ask();
    await asked();
    hook.child.kill('SIGTERM');
    assert.equal(await hook.ended, 0);
    await waitUntil(async () => (await open()).length === 0);
  });

  it('ends when its CLI has died', async () => {
    // The parent starts the hook in the background and is then killed, as a CLI could be.
    const parent = ask(INPUT, [
      process.execPath,
      '-e',
      `const c=require('child_process').spawn(process.execPath,[${JSON.stringify(TACO)},...process.argv.slice(1)],{stdio:['pipe','ignore','ignore']});process.stdin.pipe(c.stdin);setInterval(()=>{},1000)`,
    ]);
    await asked();
    parent.child.kill('SIGKILL');
    await waitUntil(async () => (await open()).length === 0);
  });

  it('ends when its agent has ended', async () => {
    const hook = ask();
    await asked();
    await project.store.setAgent(3, { status: 'exited' });
    assert.equal(await hook.ended, 0);
    assert.deepEqual(await open(), []);
  });

  for (const profile of ['claude', 'codex'])
    it(`answers by a rule of the user at once, and writes it to the ledger: ${profile}`, async () => {
      const added = await project.asUser(['rules', 'add', 'Bash', 'make test', '--json']);
      assert.equal(added.code, 0, added.stderr);
      const { id } = added.json<{ added: { id: string } }>().added;
      try {
        const hook = ask({ ...INPUT, tool_input: { command: 'make test' } }, undefined, profile);
        assert.equal(await hook.ended, 0);
        assert.deepEqual(JSON.parse(hook.out()), {
          hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } },
        });
        const [decision] = await readDecisions(project.redis, project.keys, 1);
        assert.deepEqual(
          [decision?.agent, decision?.tool, decision?.verdict, decision?.by],
          ['frontend', 'Bash', 'allow', id],
        );
        assert.deepEqual(await open(), []);
        const tested = await project.asUser(['rules', 'test', 'Bash', 'make', '*']);
        assert.match(tested.stdout, /would have answered [1-9]/);
      } finally {
        assert.equal((await project.asUser(['rules', 'remove', id])).code, 0);
      }
    });

  it('takes a rule from the user only', async () => {
    const ran = await project.agent(3, ['rules', 'add', 'Bash', 'make', '--json']);
    assert.equal(ran.json<{ error: { code: string } }>().error.code, 'type-refused');
  });

  it('does not wait for a CLI that may wait for it', async () => {
    const hook = ask(INPUT, undefined, 'codex');
    assert.equal(await hook.ended, 0);
    assert.deepEqual([hook.out(), await open()], ['', []]);
  });

  it('does not wait without a leader', async () => {
    await project.redis.call('DEL', project.keys.lease);
    const hook = ask();
    assert.equal(await hook.ended, 0);
    assert.deepEqual([hook.out(), await open()], ['', []]);
  });

  it('ends at once for an input that names no tool, and while Redis is unreachable', async () => {
    assert.equal(await ask({ session_id: 's' }).ended, 0);
    await project.server.kill();
    try {
      const hook = ask();
      assert.deepEqual([await hook.ended, hook.out()], [0, '']);
    } finally {
      await project.server.restart();
      await waitUntil(() =>
        project.redis.call('PING').then(
          () => true,
          () => false,
        ),
      );
    }
  });

  it('gets its answer after Redis was killed and restarted', async () => {
    const hook = ask();
    const { id } = await asked();
    await project.server.kill();
    await project.server.restart();
    await waitUntil(() =>
      project.redis.call('PING').then(
        () => true,
        () => false,
      ),
    );
    await give(id, { kind: 'deny', note: 'not now' });
    assert.equal(await hook.ended, 0);
    assert.match(hook.out(), /"deny".*not now/);
  });
});
