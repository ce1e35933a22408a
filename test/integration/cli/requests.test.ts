import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../../src/cli/args/commandTable';
import { exitCodeOf } from '../../../src/cli/runtime/io';
import { TacoError, type TacoErrorCode } from '../../../src/core/errors/tacoError';
import { TEAM_PHASES, type TeamPhase } from '../../../src/core/team/teamPhase';
import { systemClock } from '../../../src/environment/systemClock';
import { HostStore } from '../../../src/redis/state/hostStore';
import { COMMAND_LINES, expectedOf, postedBy, type CommandLine } from '../../support/commandLines';
import { silentLogger } from '../../support/loggers';
import { agent } from '../../support/planBuilders';
import { stateOf } from '../../support/requestTable';
import { CliProject, taco, tacoInside, type Ran } from '../../support/tacoCommand';

interface ErrorJson {
  readonly error: { readonly code: TacoErrorCode; readonly message: string; readonly hint: string };
}

/** Lines that run at the same time. */
const AT_ONCE = 4;

describe('a taco command in a phase of the team', function () {
  this.timeout(240_000);
  let project: CliProject;
  let file: string;
  /** Outcome of each independent line in the first phase. */
  const outcomes = new Map<string, string>();
  before(async () => {
    project = await CliProject.start();
    file = join(project.server.paths.home, 'plan.json');
    writeFileSync(file, JSON.stringify({ agents: [agent(2, 'backend'), agent(3, 'frontend')] }));
  });
  after(() => project.close());

  /** Brings the project into the phase. A host that joined earlier is disconnected. */
  async function enter(phase: TeamPhase): Promise<void> {
    await project.begin();
    const { session, plan } = stateOf(phase);
    if (session === null) return project.store.clear();
    await project.store.setSession({ ...session, project_dir: project.dir, tmux_session: 'taco-cli' });
    await project.store.setPlan(plan);
    const hosts = new HostStore(project.redis, project.keys, systemClock, silentLogger);
    await hosts.set({ name: 'build', machine: 'other', socket: 'taco', session: '', of: '' });
  }

  /** Runs a line as its own process in one phase, and without the start of Node in the others. */
  const run = ({ words, isAgent }: CommandLine, phase: TeamPhase): Promise<Ran> => {
    const args = [...words.map((word) => (word === 'FILE' ? file : word)), '--json'];
    const by = phase === 'running' || words[0] === 'hook' ? taco : tacoInside;
    return isAgent ? project.agent(2, args, '{}', by) : project.asUser(args, '', by);
  };
  /** Returns the kinds of the requests that wait for a leader. */
  async function posted(): Promise<string[]> {
    const entries = (await project.redis.call('XRANGE', project.keys.requests, '-', '+')) as [string, string[]][];
    return entries.map(([, fields]) => (JSON.parse(fields[1] ?? '{}') as { kind: string }).kind);
  }

  function assertRefused(ran: Ran, [code, words]: readonly [string, RegExp], what: string): void {
    const { error } = ran.json<ErrorJson>();
    assert.equal(error.code, code, what);
    assert.equal(ran.code, exitCodeOf(new TacoError(error.code, '', '')), what);
    assert.equal(ran.stderr, '', what);
    assert.match(error.message, words, what);
    assert.ok(error.hint.length > 10, what);
  }

  async function check(line: CommandLine, phase: TeamPhase): Promise<void> {
    const ran = await run(line, phase);
    const name = line.words.join(' ');
    const what = `${name}: ${ran.stdout}${ran.stderr}`;
    const expected = expectedOf(line, phase);
    if (expected !== 'allowed') return assertRefused(ran, expected, what);
    if (line.ends !== undefined) return assertRefused(ran, [line.ends, /absent/], what);
    if (line.effect !== 'independent') return assert.equal(ran.code, 0, what);
    const code = ran.stdout === '' ? '' : ran.json<Partial<ErrorJson>>().error?.code;
    const outcome = `${ran.code} ${code}`;
    assert.equal(outcome, outcomes.get(name) ?? outcome, what);
    outcomes.set(name, outcome);
  }

  it('is in the table of lines for every command of taco', () => {
    const lines = COMMAND_LINES.map(({ words }) => words.join(' '));
    for (const { name } of commands)
      assert.ok(
        lines.some((line) => `${line} `.startsWith(`${name} `)),
        `taco ${name} is missing in commandLines.ts`,
      );
  });

  for (const phase of TEAM_PHASES)
    it(`is allowed, or refused completely with a reason, a hint and its exit code: ${phase}`, async () => {
      await enter(phase);
      const before = await project.store.snapshot();
      const lines = COMMAND_LINES.filter(({ notIn }) => !notIn?.includes(phase));
      const notLast = lines.filter(({ isLast }) => !isLast);
      for (let at = 0; at < notLast.length; at += AT_ONCE)
        await Promise.all(notLast.slice(at, at + AT_ONCE).map((line) => check(line, phase)));
      const isAllowed = (effect: CommandLine['effect']): boolean => expectedOf({ effect }, phase) === 'allowed';
      const wanted = notLast
        .filter((line) => expectedOf(line, phase) === 'allowed')
        .flatMap(({ effect }) => postedBy(effect) ?? []);
      assert.deepEqual((await posted()).sort(), wanted.sort());
      const after = await project.store.snapshot();
      assert.deepEqual([after.session, after.plan, after.hosts], [before.session, before.plan, before.hosts]);
      assert.equal((await project.queue()).length, isAllowed('send') ? 1 : 0);
      assert.deepEqual(
        after.services.map(({ name }) => name),
        isAllowed('record') ? ['api'] : [],
      );
      assert.equal(Number(await project.redis.call('EXISTS', project.keys.ports)), isAllowed('record') ? 1 : 0);
      for (const line of lines.filter(({ isLast }) => isLast)) await check(line, phase);
      assert.deepEqual([await project.store.session(), await posted()], [null, []]);
    });
});
