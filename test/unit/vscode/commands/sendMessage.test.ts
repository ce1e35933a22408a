import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type * as Agents from '../../../../src/vscode/commands/agents';
import type * as Budget from '../../../../src/vscode/commands/budget';
import type * as Talk from '../../../../src/vscode/commands/sendMessage';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, message, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

const MINUTE = 60_000;

/** A team that began `minutesAgo`. */
function team(name: string, minutesAgo: number, more: Partial<Snapshot> = {}): Snapshot {
  const all = sampleSnapshot({ agents: [agent(0, 'mother', 'idle'), agent(3, name, 'busy')], messages: [], ...more });
  return {
    ...all,
    session: all.session && { ...all.session, started_at: new Date(Date.now() - minutesAgo * MINUTE).toISOString() },
  };
}
const older = team('backend', 30);
const newer = team('painter', 1);
/** A message of the older team's agent 3, five minutes old. */
const written = message('word01', 'AGENT-3', 0, 'Which port?', 'received', '', 5 * MINUTE);

describe('Messages of the user to a team', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let window: WindowProject;
  let talk: typeof Talk;
  let agents: typeof Agents;
  let budget: typeof Budget;

  before(async () => {
    back = vscode.install();
    talk = await import('../../../../src/vscode/commands/sendMessage');
    agents = await import('../../../../src/vscode/commands/agents');
    budget = await import('../../../../src/vscode/commands/budget');
  });
  after(() => back());
  beforeEach(async () => {
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [],
      older,
    );
    await window.host.require().team();
    vscode.writes = async () => 'go on';
    vscode.answers = true;
    vscode.lists.length = 0;
    vscode.settings.clear();
  });
  afterEach(() => window.dispose());

  const sent = (): readonly string[] =>
    window.teams.flatMap((each) => each.sent.map(({ to, text }) => `${to}: ${text}`));
  const toThree = { subject: { window: 3 } };
  const isOver = (error: unknown): boolean => isTacoError(error, 'usage') && /no longer running/.test(error.message);

  it('go to the selected agent', async () => {
    await talk.messageAgent(window.deps, toThree);
    assert.deepEqual(sent(), ['3: go on']);
  });

  it('go to a working agent when the user wants it, the team’s setting first', async () => {
    await talk.messageAgent(window.deps, toThree);
    assert.deepEqual(
      window.teams.at(-1)?.sent.map(({ when, type }) => [when, type]),
      [['now', undefined]],
    );
    vscode.set('taco.whenBusy', 'hold');
    await window.host.require().team();
    await talk.messageAgent(window.deps, toThree);
    assert.deepEqual(
      window.teams
        .at(-1)
        ?.sent.map(({ when, type }) => [when, type])
        .at(-1),
      ['idle', undefined],
    );
    assert.deepEqual(
      vscode.lists.map((items) => (items as { label: string }[]).map(({ label }) => label)),
      [
        ['Now', 'When its turn is over', 'Interrupt'],
        ['When its turn is over', 'Now', 'Interrupt'],
      ],
    );
  });

  it('go nowhere when the user does not choose a moment', async () => {
    vscode.answers = false;
    await talk.messageAgent(window.deps, toThree);
    assert.deepEqual(sent(), []);
  });

  it('go to an idle agent without another question', async () => {
    await talk.messageAgent(window.deps, { subject: { window: 0 } });
    assert.deepEqual([sent(), vscode.lists], [['0: go on'], []]);
  });

  it('interrupt an agent, and name what goes on in its background', async () => {
    window.show(team('backend', 30, { agents: [agent(3, 'backend', 'busy', { background: 'npm run dev\nreview' })] }));
    await talk.interruptAgent(window.deps, toThree);
    assert.deepEqual(
      window.teams.at(-1)?.sent.map(({ to, type }) => [to, type]),
      [['3', 'tmux_interrupt']],
    );
    assert.match(vscode.prompts.at(-1) ?? '', /In the background goes on: npm run dev, review$/);
  });

  it('go nowhere when another team started while the user typed: its agent 3 is a different one', async () => {
    vscode.writes = async () => (window.show(newer), 'go on');
    await assert.rejects(talk.messageAgent(window.deps, toThree), isOver);
    assert.deepEqual(sent(), []);
  });

  it('arrive although a setting has reopened the project while the user typed', async () => {
    vscode.writes = async () => (vscode.set('taco.whenBusy', 'queue'), await window.host.require().team(), 'go on');
    await talk.messageAgent(window.deps, toThree);
    assert.deepEqual(sent(), ['3: go on']);
    assert.equal(window.teams.length, 2);
  });

  it('reply to a message of the running team', async () => {
    await talk.reply(window.deps, written, 'abc');
    assert.deepEqual(sent(), ['AGENT-3: go on']);
  });

  it('do not reply to a message of an earlier team whose notification is still behind the bell', async () => {
    window.show(newer);
    await assert.rejects(talk.reply(window.deps, written, 'abc'), isOver);
    assert.deepEqual(sent(), []);
  });

  it('do not reply to a message of a folder that was open before', async () => {
    await assert.rejects(talk.reply(window.deps, written, 'of another folder'), isOver);
    assert.deepEqual(sent(), []);
  });

  it('reply to a message of the running team whatever the clock of its host', async () => {
    window.show(team('backend', 1, { messages: [written] }));
    await talk.reply(window.deps, written, 'abc');
    assert.deepEqual(sent(), ['AGENT-3: go on']);
  });

  it('are refused with an error message for an agent that has left the team', async () => {
    for (const run of [agents.openTerminal, agents.relaunch, agents.stopAgent, talk.messageAgent]) {
      await assert.rejects(
        run(window.deps, { subject: { window: 9 } }),
        (error) => isTacoError(error, 'unknown-agent'),
        run.name,
      );
    }
  });

  it('neither ask for nor set a budget where no team runs', async () => {
    window.show(sampleSnapshot({ session: null, agents: [] }));
    let asked = false;
    vscode.writes = async () => ((asked = true), '5');
    await assert.rejects(budget.setBudget(window.deps), (error) => isTacoError(error, 'no-session'));
    assert.equal(asked, false);
  });
});
