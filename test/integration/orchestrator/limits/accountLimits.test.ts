import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type { Engine } from '../../../../src/orchestrator/engine';
import type { EngineSettings } from '../../../../src/team/engineSettings';
import { gatherReport } from '../../../../src/team/report/gatherReport';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

const agent = (window: number, name: string): object => ({ window, name, role: `the ${name}`, task: 'be quick' });

interface Line {
  readonly agent: string;
  readonly prompt?: string;
  readonly refused?: boolean;
  readonly at: number;
}

describe('the limit of an account', function () {
  this.timeout(300_000);
  let bed: TestTeam;
  let team: Team;
  let engine: Engine;
  let log: string;
  let limitFile: string;
  /** Time of the reset that the model names, milliseconds since the epoch, in whole seconds: it never comes. */
  let reset = 0;

  const prompts = (): readonly Line[] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const promptsOf = (name: string, text: string): readonly Line[] =>
    prompts().filter((line) => line.agent === name && line.prompt?.includes(text));
  const message = ({ messages }: Snapshot, text: string): string | undefined => {
    const found = messages.find((each) => each.message.endsWith(text));
    return found && `${found.state} ${found.reason}`.trim();
  };
  const send = async (to: string, text: string): Promise<string> =>
    (await team.send({ from: { kind: 'user' }, to, text }))[0]?.id ?? '';

  const settings = (): Partial<EngineSettings> => ({
    profile: 'scripted',
    autoApprove: true,
    agentEnv: {
      TACO_SCRIPTED_RECEIVED: log,
      TACO_SCRIPTED_LIMIT: limitFile,
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_WORK_MS: '50',
    },
  });

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    log = join(bed.dir, 'received.jsonl');
    limitFile = join(bed.dir, 'limit.json');
    engine = await bed.engine(team, settings());
    const plan = JSON.stringify({ agents: [agent(2, 'one'), agent(3, 'two'), agent(4, 'three')] });
    await team.request({ kind: 'start', goal: 'test', plan });
    await bed.until(
      team,
      'all idle',
      40,
      ({ agents }) => agents.length === 4 && agents.every(({ status }) => status === 'idle'),
    );
    await bed.until(team, 'all received', 20, ({ messages }) => messages.every(({ state }) => state === 'received'));
  });
  after(() => bed.dispose());

  it('holds all agents of the account after the first refusal, and notifies the user once', async () => {
    reset = Math.ceil(Date.now() / 1000) * 1000 + 3_600_000;
    writeFileSync(
      limitFile,
      JSON.stringify({ until: reset, message: `Claude AI usage limit reached|${reset / 1000}` }),
    );
    await send('one', 'begin the work');
    const refused = await bed.until(team, 'limited', 10, ({ agents }) => agents[1]?.status === 'limited');
    assert.match(refused.agents[1]?.activity ?? '', /usage limit reached/);
    await bed.until(team, 'account limited', 5, ({ limits }) => limits?.[0]?.kind === 'usage-limit');
    for (const [to, text] of [
      ['one', 'more work'],
      ['two', 'other work'],
      ['three', 'third work'],
    ] as const)
      await send(to, text);
    const held = await bed.until(team, 'held', 10, (snapshot) =>
      ['more work', 'other work', 'third work'].every((text) => message(snapshot, text) === 'held limited'),
    );
    const limit = held.limits?.[0];
    assert.deepEqual([held.limits?.length, limit?.phase, limit?.cut, limit?.account], [1, 'closed', [2], 'scripted']);
    assert.ok(limit?.until && limit.until >= reset && limit.until <= reset + 15_000, String(limit?.until));
    assert.equal(held.messages.filter(({ target }) => target === 'user').length, 1);
    assert.equal(prompts().filter((line) => line.refused).length, 1);
    await bed.until(team, 'unread', 20, (now) => /^received unread: /.test(message(now, 'begin the work') ?? ''));
  });

  it('types nothing before the reset, not even after a change of the leader', async () => {
    engine.dispose();
    engine = await bed.engine(team, settings());
    await bed.until(team, 'led again', 20, ({ leader }) => leader !== null && engine.leading);
    const now = await team.snapshot();
    assert.deepEqual(
      ['more work', 'other work', 'third work'].map((text) => message(now, text)),
      ['held limited', 'held limited', 'held limited'],
    );
  });

  it('lets one agent try, then the others, and asks only the interrupted one to go on', async () => {
    const ended = Date.now();
    writeFileSync(limitFile, JSON.stringify({ until: ended }));
    await team.request({ kind: 'resume-team' });
    const { limits, agents } = await bed.until(
      team,
      'all received',
      60,
      ({ messages, limits: left }) => left === undefined && messages.every(({ state }) => state === 'received'),
    );
    assert.equal(limits, undefined);
    assert.deepEqual(
      agents.map(({ status }) => status),
      ['idle', 'idle', 'idle', 'idle'],
    );
    await bed.until(team, 'read', 20, (now) => message(now, 'begin the work') === 'received');
    const after = prompts().filter(({ at }) => at >= ended);
    assert.equal(after[0]?.agent, 'one', 'the interrupted agent tries first');
    assert.equal(prompts().filter((line) => line.refused).length, 1, 'nothing was burnt');
    for (const [name, text] of [
      ['one', 'more work'],
      ['two', 'other work'],
      ['three', 'third work'],
    ] as const)
      assert.equal(promptsOf(name, text).length, 1, text);
    assert.deepEqual(
      ['one', 'two', 'three', 'mother'].map((name) => promptsOf(name, 'cut short by a limit').length),
      [1, 0, 0, 0],
    );
  });

  it('stands in the report of the team, which asks the user for nothing', async () => {
    const { agents, open } = await gatherReport(team, await team.snapshot(), 0, bed.env);
    assert.deepEqual(open, []);
    assert.deepEqual(
      agents.map(({ name, waits }) => [name, waits.map(({ reason, count }) => `${reason} ${count}`)]),
      [
        ['mother', []],
        ['one', ['limited 1']],
        ['two', []],
        ['three', []],
      ],
    );
  });

  it('ends by itself at its reset', async () => {
    const soon = Math.ceil(Date.now() / 1000) * 1000 + 2000;
    writeFileSync(limitFile, JSON.stringify({ until: soon, message: `Claude AI usage limit reached|${soon / 1000}` }));
    await send('one', 'work before the reset');
    await bed.until(
      team,
      'continued',
      60,
      (now) => now.limits === undefined && promptsOf('one', 'cut short by a limit').length === 2,
    );
  });

  it('waits for the user when the account is logged out, and goes on after the user resumed the team', async () => {
    writeFileSync(
      limitFile,
      JSON.stringify({
        until: Date.now() + 3_600_000,
        error: 'authentication_failed',
        message: 'Not logged in · Please run /login',
      }),
    );
    await send('two', 'again');
    const limited = await bed.until(team, 'limited', 10, ({ limits }) => limits?.[0]?.kind === 'logged-out');
    assert.deepEqual([limited.limits?.[0]?.until, limited.limits?.[0]?.cut], [null, [3]]);
    const reported = await bed.until(team, 'told', 10, ({ messages }) =>
      messages.some(({ target, message: text }) => target === 'user' && text.includes('/login')),
    );
    assert.ok(reported);
    writeFileSync(limitFile, JSON.stringify({ until: 0 }));
    await team.request({ kind: 'resume-team' });
    await bed.until(team, 'over', 60, ({ limits, agents }) => limits === undefined && agents[2]?.status === 'idle');
    assert.equal(promptsOf('two', 'cut short by a limit').length, 1);
  });

  it('ends when the user continued an agent in its terminal while no leader ran', async () => {
    writeFileSync(
      limitFile,
      JSON.stringify({ until: Date.now() + 3_600_000, error: 'billing_error', message: 'Credit balance too low' }),
    );
    await send('three', 'work without credit');
    const { agents } = await bed.until(team, 'limited', 60, ({ limits }) => limits?.[0]?.kind === 'out-of-credit');
    await bed.until(team, 'unread', 60, (now) => /^received unread: /.test(message(now, 'work without credit') ?? ''));
    engine.dispose();
    const reports = await team.store.hooksAfter();
    writeFileSync(limitFile, JSON.stringify({ until: 0 }));
    const pane = agents.find(({ name }) => name === 'three')?.pane ?? '';
    bed.tmux('send-keys', '-t', pane, '-l', 'go on, there is credit');
    bed.tmux('send-keys', '-t', pane, 'Enter');
    await waitUntil(
      async () => (await team.store.hooksAfter(reports.at(-1)?.id)).some(({ event }) => event === 'Stop'),
      60_000,
      'the end of the turn',
    );
    engine = await bed.engine(team, settings());
    await bed.until(team, 'over', 60, ({ limits }) => limits === undefined);
    assert.equal(promptsOf('three', 'cut short by a limit').length, 0, 'the user continued it');
  });
});
