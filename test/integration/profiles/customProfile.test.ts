import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../src/core/models';
import { customProfiles } from '../../../src/profiles/customProfile';
import { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

const PROGRAM = `#!/usr/bin/env node
const { createInterface } = require('node:readline');
const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
lines.on('line', (line) => {
  if (line.includes('ask me')) return lines.question('Run it? (y/n)', (answer) => { console.log('answered: <' + answer + '>'); lines.prompt(); });
  console.log('got: ' + line);
  lines.prompt();
});
lines.prompt();
`;

describe('an agent CLI that the user described', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  before(() => {
    bed = new TestTeam();
  });
  after(() => bed.dispose());

  it('is launched from the plan, receives messages, and TACO never answers its questions', async () => {
    const command = join(bed.dir, 'liner');
    writeFileSync(command, PROGRAM, { mode: 0o755 });
    const profiles = customProfiles(
      JSON.stringify([
        { name: 'liner', command, process: '^node', composer: '^> ', busy: 'never busy', dialog: '\\(y/n\\)$' },
      ]),
    );
    const plan: Plan = {
      agents: [
        {
          window: 2,
          name: 'own',
          role: 'Echoes',
          task: 'Echo',
          profile: 'liner',
          depends_on: [],
          notifies: [],
          wait_for: [],
        },
      ],
    };
    const team = await bed.open();
    await bed.engine(team, {
      profile: 'scripted',
      profiles,
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1' },
    });
    await team.request({ kind: 'start', goal: 'x', plan: JSON.stringify(plan) });
    const { agents } = await bed.until(team, 'the opening task delivered', 30, ({ messages }) =>
      messages.some(({ type, target, state }) => type === 'task' && target.endsWith(':2') && state === 'delivered'),
    );
    const screen = (): string =>
      bed.tmux('capture-pane', '-p', '-J', '-t', agents.find(({ window }) => window === 2)?.pane ?? '');
    assert.match(screen(), /got: \[TACO → AGENT-2\]: Your task: Echo\./);

    const send = async (text: string): Promise<string> =>
      (await team.send({ from: { kind: 'user' }, to: 'own', text }))[0]?.id ?? '';
    bed.tmux('send-keys', '-t', agents.find(({ window }) => window === 2)?.pane ?? '', 'ask me', 'Enter');
    await waitUntil(() => screen().includes('(y/n)'), 15_000, 'the question');
    const later = await send('after the question');
    await bed.until(team, 'held by the question', 20, ({ messages }) =>
      messages.some(({ id, state, reason }) => id === later && state === 'held' && reason === 'dialog'),
    );
    assert.doesNotMatch(screen(), /answered/);
  });
});
