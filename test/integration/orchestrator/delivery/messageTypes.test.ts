import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plan } from '../../../../src/core/models';
import { TestTeam } from '../../../support/team';

interface Received {
  readonly at: number;
  readonly agent: string;
  readonly prompt?: string;
}

const agent = (
  window: number,
  name: string,
  depends_on: string[],
  wait_for: string[],
  notifies: string[],
): Plan['agents'][number] => ({
  window,
  name,
  role: `the ${name}`,
  task: `Carry out the part of ${name}`,
  depends_on,
  wait_for,
  notifies,
});
/**
 * Two chains of agents that join, and one agent that only waits for the end. The order differs from the launch order.
 */
const PLAN: Plan = {
  agents: [
    agent(7, 'release', ['review'], ['review'], []),
    agent(6, 'review', ['api', 'web'], ['api', 'web'], ['release']),
    agent(5, 'web', ['design'], ['design'], ['api']),
    agent(4, 'api', ['schema'], ['schema', 'design'], []),
    agent(3, 'design', [], [], ['web']),
    agent(2, 'schema', [], [], ['api']),
  ],
};

describe('a team of six with dependencies in a headless `taco up`', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let received: Received[];
  let code = -1;
  let report: { agents: { name: string; done: boolean }[] } & Record<string, unknown>;

  before(async () => {
    bed = new TestTeam();
    const log = join(bed.dir, 'received.jsonl');
    const args = [
      resolve('dist/taco.js'),
      'up',
      '--project',
      bed.project,
      '--socket',
      bed.socket,
      '--profile',
      'scripted',
      '--plan',
      '-',
      '--yes',
      '--until-done',
      '--timeout',
      '80',
      '--json',
    ];
    const output = await new Promise<string>((done) => {
      const child = execFile(
        process.execPath,
        args,
        { env: { ...bed.env, TACO_SCRIPTED_RECEIVED: log, TACO_SCRIPTED_WORK_MS: '150' } },
        (_error, stdout) => {
          code = child.exitCode ?? -1;
          done(stdout);
        },
      );
      child.stdin?.end(`AGENT_SPEC_JSON_START\n${JSON.stringify(PLAN)}\nAGENT_SPEC_JSON_END`);
    });
    report = JSON.parse(output) as typeof report;
    received = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Received);
  });
  after(() => bed.dispose());

  const at = (name: string, words: RegExp): number => {
    const found = received.find(({ agent: who, prompt }) => who === name && words.test(prompt ?? ''));
    assert.ok(
      found,
      `${name} never got ${String(words)}: ${JSON.stringify(
        received.map(({ agent: who, prompt }) => [who, prompt?.slice(0, 90)]),
        null,
        1,
      )}`,
    );
    return found.at;
  };

  it('runs to its end', () => {
    assert.equal(code, 0, JSON.stringify(report).slice(0, 2000));
  });

  it('gives each agent its task once', () => {
    for (const { name } of PLAN.agents) {
      const tasks = received.filter(
        ({ agent: who, prompt }) => who === name && prompt?.includes(`Carry out the part of ${name}.`),
      );
      assert.equal(tasks.length, 1, name);
    }
  });

  it('launches each agent after those that it depends on', () => {
    const [file = ''] = readdirSync(bed.paths.logDir);
    const lines = readFileSync(join(bed.paths.logDir, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; agent?: string });
    const order = lines.filter(({ event }) => event === 'agent.created').map(({ agent: name }) => name);
    assert.deepEqual([...order].sort(), ['mother', ...PLAN.agents.map(({ name }) => name)].sort());
    for (const { name, depends_on: first } of PLAN.agents)
      for (const other of first)
        assert.ok(order.indexOf(other) < order.indexOf(name), `${other} before ${name} in ${order.join(', ')}`);
  });

  it('gives no agent its task before its dependencies have reported done', () => {
    for (const { name, window, wait_for: waited } of PLAN.agents) {
      for (const other of waited) {
        const otherWindow = PLAN.agents.find((spec) => spec.name === other)?.window ?? 0;
        // The same report notifies Mother and frees the waiting agent, after the other agent's own task.
        assert.ok(at(other, /Your task/) < at(name, /Your task/), `${name} (${window}) after ${other}`);
        assert.ok(
          at('mother', new RegExp(`${other} \\(AGENT-${otherWindow}\\) reports done`)) > at(other, /Your task/),
        );
      }
    }
  });

  it('notifies only the agents that the plan names when an agent is done', () => {
    for (const spec of PLAN.agents) {
      const texts = received
        .filter(({ prompt }) => prompt?.includes(`${spec.name} (AGENT-${spec.window}) reports done`))
        .map(({ agent: who }) => who);
      assert.deepEqual(texts.sort(), [...spec.notifies, 'mother'].sort(), spec.name);
    }
  });
});
