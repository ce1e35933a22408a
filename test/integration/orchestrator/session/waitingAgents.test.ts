import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

describe('an agent that needs the user, in a terminal without VS Code', function () {
  this.timeout(180_000);
  let bed: TestTeam;
  beforeEach(() => (bed = new TestTeam()));
  afterEach(() => bed.dispose());

  it('is marked in the status line and rings the bell until it is answered', async () => {
    const team = await bed.open();
    await bed.engine(team, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '50' },
    });
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [{ window: 2, name: 'one', role: 'asks' }] }),
    });
    const { session } = await bed.until(
      team,
      'opening task received',
      60,
      ({ messages }) => messages.length > 0 && messages.every(({ state }) => state === 'received'),
    );
    const name = session?.tmux_session ?? '';
    const terminal = spawn('script', ['-qec', `tmux -u -L ${bed.socket} attach -t =${name}`, '/dev/null'], {
      env: bed.env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      let screen = '';
      terminal.stdout.setEncoding('latin1').on('data', (text: string) => (screen += text));
      await waitUntil(() => screen.includes('TACO'), 60_000, 'the status line');
      assert.ok(!screen.includes('needs you'));
      await team.send({ from: { kind: 'user' }, to: 'one', text: 'ask for permission' });
      const { needs } = await bed.until(team, 'the request', 60, ({ needs: open }) => open.length === 1);
      await waitUntil(() => screen.includes('one needs you'), 60_000, 'the mark in the status line');
      await waitUntil(() => screen.includes('\u0007'), 60_000, 'the bell');
      const marks = (): string => bed.tmux('list-windows', '-t', `=${name}`, '-F', '#{window_index}=#{@taco_needs}');
      assert.match(marks(), /^2=1$/m);
      await team.answer(needs[0]?.id ?? '', { kind: 'allow' });
      await waitUntil(() => /^2=$/m.test(marks()), 60_000, 'the end of the mark');
      assert.equal(bed.tmux('show-options', '-v', '-t', `=${name}:`, '@taco_waiting').trim(), '');
    } finally {
      terminal.kill('SIGKILL');
    }
  });
});
