import assert from 'node:assert/strict';
import type { LimitKind } from '../../src/core/limits/limit';
import type { Plan } from '../../src/core/models';
import type { Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Refusal, type Reply } from '../support/clis/messagesApi';

const agent = (window: number, name: string): Plan['agents'][number] => ({
  window,
  name,
  role: `the ${name}`,
  task: 'Begin',
  depends_on: [],
  notifies: [],
  wait_for: [],
});

interface Scene {
  readonly refusal: Refusal;
  readonly kind: LimitKind;
  /** True when the account ends its limit by itself. */
  readonly ends: boolean;
}

const tomorrow = new Date(Date.now() + 24 * 60 * 60_000).toISOString().slice(0, 10);
const SCENES: readonly Scene[] = [
  {
    refusal: {
      status: 429,
      type: 'rate_limit_error',
      message: 'Too many requests',
      headers: { 'x-should-retry': 'false' },
    },
    kind: 'rate-limit',
    ends: true,
  },
  { refusal: { status: 529, type: 'overloaded_error', message: 'Overloaded' }, kind: 'overloaded', ends: true },
  {
    refusal: {
      status: 400,
      type: 'invalid_request_error',
      message: `You have reached your specified API usage limits. You will regain access on ${tomorrow} at 00:00 UTC.`,
    },
    kind: 'usage-limit',
    ends: true,
  },
  {
    refusal: {
      status: 400,
      type: 'invalid_request_error',
      message:
        'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    },
    kind: 'out-of-credit',
    ends: false,
  },
];

describe(`the limits of the real Claude Code ${NEWEST_CLAUDE}`, function () {
  this.timeout(150_000);
  let claude: ClaudeTeam;
  let team: Team;
  let refusal: Refusal | null = null;

  function model(request: ModelRequest): Reply {
    if (refusal) return { refusal };
    if (request.kind === 'side') return sideReply;
    return { text: 'Understood.' };
  }
  const send = async (to: string, text: string): Promise<void> =>
    void (await team.send({ from: { kind: 'user' }, to, text }));
  const promptsWith = (text: string): number =>
    claude.api.requests.filter(({ kind, prompts }) => kind === 'turn' && prompts.some((each) => each.includes(text)))
      .length;

  before(async function () {
    this.timeout(600_000);
    claude = await claudeTeam({ version: NEWEST_CLAUDE, reply: model, settings: { autoApprove: true } });
    ({ team } = claude);
    const plan = JSON.stringify({ agents: [agent(2, 'one'), agent(3, 'two')] });
    await team.request({ kind: 'start', goal: 'x', plan });
    await claude.bed.until(
      team,
      'all idle',
      200,
      ({ agents, messages }) =>
        agents.length === 3 &&
        agents.every(({ status }) => status === 'idle') &&
        messages.every(({ state }) => state === 'received'),
    );
  });
  after(() => claude.dispose());

  for (const { refusal: answer, kind, ends } of SCENES)
    it(`holds the team after ${answer.status} "${answer.message.slice(0, 40)}", and goes on when it is resumed`, async () => {
      refusal = answer;
      await send('one', `begin ${kind}`);
      const limited = await claude.bed.until(
        team,
        'limited',
        60,
        ({ limits, agents }) => limits?.[0]?.cut.includes(2) === true && agents[1]?.status === 'limited',
      );
      const limit = limited.limits?.[0];
      assert.deepEqual([limit?.kind, limit?.phase, limit?.until !== null], [kind, 'closed', ends], limit?.text);
      assert.match(limit?.account ?? '', /^claude key [0-9a-f]{8} at 127\.0\.0\.1:\d+$/);
      if (kind === 'usage-limit') assert.ok((limit?.until ?? 0) >= Date.parse(tomorrow), String(limit?.until));
      await send('two', `wait for ${kind}`);
      await claude.bed.until(team, 'held', 20, ({ messages }) =>
        messages.some(
          ({ message, state, reason }) =>
            message.endsWith(`wait for ${kind}`) && state === 'held' && reason === 'limited',
        ),
      );
      assert.equal(promptsWith(`wait for ${kind}`), 0);
      refusal = null;
      await team.request({ kind: 'resume-team' });
      const { agents } = await claude.bed.until(
        team,
        'over',
        90,
        ({ limits, messages, agents: all }) =>
          limits === undefined &&
          messages.every(({ state }) => state === 'received') &&
          all.every(({ status }) => status === 'idle'),
      );
      assert.equal(agents.length, 3);
      assert.equal(promptsWith(`wait for ${kind}`), 1);
    });

  it('shortens a conversation that is too long, holds no other agent, and goes on', async () => {
    const goOns = ({ messages }: Snapshot): number =>
      messages.filter(({ message, state }) => message.includes('cut short by a limit') && state === 'received').length;
    const before = goOns(await team.snapshot());
    refusal = {
      status: 400,
      type: 'invalid_request_error',
      message: 'prompt is too long: 210000 tokens > 200000 maximum',
    };
    await send('one', 'far too much');
    const { limits, agents } = await claude.bed.until(
      team,
      'limited',
      60,
      ({ agents: all }) => all[1]?.status === 'limited' && all[1].limitKind === 'context-full',
    );
    refusal = null; // what TACO runs now can succeed
    assert.deepEqual([limits, agents[2]?.status], [undefined, 'idle']);
    await send('one', 'wait for a shorter one');
    const after = await claude.bed.until(
      team,
      'goes on',
      90,
      (snapshot) =>
        snapshot.agents[1]?.status === 'idle' &&
        goOns(snapshot) === before + 1 &&
        snapshot.messages.every(({ state }) => state === 'received' || state === 'delivered'),
    );
    assert.deepEqual(
      after.messages.filter(({ type }) => type === 'slash').map(({ message, state }) => [message, state]),
      [['/compact', 'delivered']],
    );
    assert.ok(promptsWith('wait for a shorter one') > 0, 'the model got it');
  });
});
