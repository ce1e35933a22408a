import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Team } from '../../src/team/team';
import { startOpenAiApi, type OpenAiApi } from '../support/clis/openAiApi';
import { ensureOpenCode, openCodeHome, OPENCODE_VERSION } from '../support/clis/openCode';
import { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

describe(`the real OpenCode ${OPENCODE_VERSION}`, function () {
  this.timeout(120_000);
  let bed: TestTeam;
  let api: OpenAiApi;
  let team: Team;
  /** Lets the model answer a prompt that says "Think about it". */
  let answerNow: () => void;
  const thought = new Promise<void>((resolve) => (answerNow = resolve));

  before(async function () {
    this.timeout(600_000);
    const openCode = await ensureOpenCode(OPENCODE_VERSION);
    bed = new TestTeam();
    api = await startOpenAiApi(async ({ prompts }) => {
      if (prompts.at(-1)?.includes('Think about it first')) await thought;
      if (prompts.at(-1)?.includes('Think about it again')) await new Promise(() => undefined);
      return { text: 'Understood.' };
    });
    const env = await openCodeHome({ home: join(bed.dir, 'opencode-home'), modelUrl: api.url });
    const agentEnv = Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'PATH'));
    team = await bed.open();
    await bed.engine(team, {
      profile: 'opencode',
      agentCommand: openCode,
      agentEnv,
      autoApprove: true,
      whenBusy: 'steer',
    });
    const plan = { agents: [{ window: 2, name: 'one', role: 'Waits', depends_on: [], notifies: [], wait_for: [] }] };
    await team.request({ kind: 'start', goal: 'x', plan: JSON.stringify(plan) });
    await bed.until(
      team,
      'the opening task',
      110,
      ({ messages, agents }) =>
        messages.some(({ type, state }) => type === 'task' && state === 'received') &&
        agents.every(({ status }) => status === 'idle'),
    );
  });
  after(async () => {
    await bed.dispose();
    await api.close();
  });

  const isAsked = (text: string): boolean =>
    api.calls.some(({ hasTools, said }) => hasTools && said.some((words) => words.includes(text)));
  const send = async (text: string): Promise<string> =>
    (await team.send({ from: { kind: 'user' }, to: 'one', text, when: 'now' }))[0]?.id ?? '';

  it('receives a message behind a turn when its model is called, not when OpenCode accepts it', async () => {
    await team.waitFor(await send('Think about it first'), 'received', 90_000);
    const waits = await send('and this waits');
    await team.waitFor(waits, 'delivered', 90_000);
    const { state } = (await team.message(waits)) ?? {};
    assert.deepEqual([state, isAsked('and this waits')], ['delivered', false]);
    answerNow();
    assert.equal((await team.waitFor(waits, 'received', 90_000)).state, 'received');
    await waitUntil(() => isAsked('and this waits'), 10_000, 'the question at the model');
  });

  it('leaves an accepted message uncertain, never received, when it ends before its model is called', async () => {
    await bed.until(
      team,
      'at rest',
      30,
      ({ agents, counters }) =>
        agents.every(({ status }) => status === 'idle') && counters.pending + counters.processing === 0,
    );
    await team.waitFor(await send('Think about it again'), 'received', 90_000);
    const lost = await send('lost with the process');
    await team.waitFor(lost, 'delivered', 90_000);
    const pane = (await team.snapshot()).agents.find(({ name }) => name === 'one')?.pane ?? '';
    bed.tmux('send-keys', '-t', pane, 'C-c');
    const { state } =
      (
        await bed.until(team, 'its end', 30, ({ messages }) =>
          messages.some(({ id, state: now }) => id === lost && now === 'uncertain'),
        )
      ).messages.find(({ id }) => id === lost) ?? {};
    assert.deepEqual([state, isAsked('lost with the process')], ['uncertain', false]);
  });
});
