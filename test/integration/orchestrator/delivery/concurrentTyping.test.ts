import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../../src/core/models';
import { TestTeam } from '../../../support/team';

const AGENTS = Number(process.env['TACO_CHAOS_AGENTS'] ?? 5);
const MESSAGES = Number(process.env['TACO_CHAOS_MESSAGES'] ?? 50);

interface Line {
  readonly agent: string;
  readonly prompt?: string;
  readonly violation?: string;
}

/**
 * Agents whose dialogs open by themselves, whose users type and delete half a line, and that are busy for random
 * times. The test compares the prompts of each model with the sent messages. TACO_CHAOS_AGENTS and
 * TACO_CHAOS_MESSAGES set the size, TACO_CHAOS_SEED the random seed.
 */
describe(`${MESSAGES} messages to ${AGENTS} agents with random dialogs, drafts and busy times`, function () {
  this.timeout(60_000 + MESSAGES * 3000);
  let bed: TestTeam;
  before(() => {
    bed = new TestTeam();
  });
  after(() => bed.dispose());

  it('are all received, in order, each once, and no dialog is answered', async () => {
    const log = join(bed.dir, 'received.jsonl');
    const team = await bed.open();
    const agents: Plan['agents'] = Array.from({ length: AGENTS }, (_, index) => ({
      window: index + 2,
      name: `agent${index}`,
      role: 'takes messages',
      depends_on: [],
      notifies: [],
      wait_for: [],
    }));
    const agentEnv = {
      TACO_SCRIPTED_RECEIVED: log,
      TACO_SCRIPTED_CHAOS: '0.5',
      TACO_SCRIPTED_SEED: process.env['TACO_CHAOS_SEED'] ?? '7',
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_WORK_MS: '100',
    };
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv });
    await team.request({ kind: 'start', goal: 'chaos', plan: JSON.stringify({ agents }) });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');

    const expected = new Map<string, string[]>(agents.map(({ name }) => [name, []]));
    for (let n = 0; n < MESSAGES; n++) {
      const { name, window } = agents[n % AGENTS] ?? { name: '', window: 0 };
      const text = `message ${n}${n % 7 === 0 ? ` ${'and more words to make it long '.repeat(20)}` : ''}${n % 5 === 0 ? '\nwith a second line;' : ''}`;
      await team.send({ from: { kind: 'user' }, to: name, text });
      expected.get(name)?.push(`[USER → AGENT-${window}]: ${text.trimEnd()}`);
    }
    await bed.until(
      team,
      'all received',
      50 + MESSAGES * 2,
      ({ counters }) => counters.pending + counters.processing === 0,
    );

    const read = (): Line[] =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Line)
        : [];
    // The hook reports `received` a moment before the agent's program records the prompt.
    await bed.until(
      team,
      'all noted',
      10,
      () => read().filter(({ prompt }) => prompt?.startsWith('[USER')).length >= MESSAGES,
    );
    const lines = read();
    assert.deepEqual(
      lines.filter(({ violation }) => violation !== undefined),
      [],
    );
    for (const [name, texts] of expected) {
      const got = lines
        .filter(({ agent, prompt }) => agent === name && prompt?.startsWith('[USER'))
        .map(({ prompt }) => prompt?.trimEnd());
      assert.deepEqual(got, texts, `what ${name} received`);
    }
    const { counters } = await team.snapshot();
    assert.equal(counters.dead, 0);
  });
});
