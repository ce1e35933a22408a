import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../src/core/models';
import type { MessageView } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import { SLOW_MACHINE_FACTOR } from '../support/slowMachine';
import { waitUntil } from '../support/waitUntil';

const WINDOW = 2;
/**
 * Seconds of a tool that only an interrupt ends: Claude Code ends a command itself after 120 seconds, and the tests wait
 * less for a message.
 */
const ENDLESS = 600;
const PLAN: Plan = {
  agents: [
    {
      window: WINDOW,
      name: 'builder',
      role: 'Builds',
      task: 'Wait for me',
      depends_on: [],
      notifies: [],
      wait_for: [],
    },
  ],
};

for (const version of [NEWEST_CLAUDE, '2.1.197'] as const) {
  describe(`messages to a working Claude Code ${version}`, function () {
    this.timeout(180_000);
    let claude: ClaudeTeam;
    let team: Team;
    let toolsLeft = 0;

    /** `go:tools SECONDS COUNT`: that many tool calls; `go:think SECONDS`: an answer after that time. */
    function model(request: ModelRequest): Reply {
      if (request.kind === 'side') return sideReply;
      const shell = (command: string): Reply => ({
        tools: [{ name: 'Bash', input: { command, description: 'Works' } }],
      });
      const [, word, seconds = '1', count = '1'] = /go:(\w+) (\S+) ?(\d*)/.exec(request.prompts.join('\n')) ?? [];
      if (word === 'think') return { text: 'I thought.', delayMs: Number(seconds) * 1000 };
      if (word === 'background')
        return {
          tools: [
            { name: 'Bash', input: { command: `sleep ${seconds}`, description: 'Works', run_in_background: true } },
          ],
        };
      if (word === 'tools') toolsLeft = Number(count);
      if (toolsLeft === 0) return { text: 'Understood.' };
      toolsLeft -= 1;
      return shell(`sleep ${word === 'tools' ? seconds : 1}`);
    }

    before(async () => {
      claude = await claudeTeam({
        version,
        reply: model,
        settings: { autoApprove: true, whenBusy: 'steer' },
        prepare: (bed) => {
          mkdirSync(join(bed.project, '.claude'), { recursive: true });
          const settings = { permissions: { allow: ['Bash(sleep:*)'] } };
          writeFileSync(join(bed.project, '.claude', 'settings.json'), JSON.stringify(settings));
        },
      });
      team = claude.team;
      await team.request({ kind: 'start', goal: 'x', plan: JSON.stringify(PLAN) });
      await isIdle();
    });
    after(() => claude.dispose());

    const isIdle = async (): Promise<void> => {
      await claude.bed.until(
        team,
        'an idle agent',
        60,
        ({ agents, messages }) =>
          agents.some(({ window, status }) => window === WINDOW && status === 'idle') &&
          messages.every(({ endedAt }) => endedAt !== undefined),
      );
    };
    const send = async (text: string, when?: 'now' | 'idle'): Promise<string> =>
      (await team.send({ from: { kind: 'user' }, to: 'builder', text, ...(when === undefined ? {} : { when }) }))[0]
        ?.id ?? '';
    const view = async (id: string): Promise<MessageView> => {
      const found = await team.message(id);
      assert.ok(found, id);
      return found;
    };
    const reaches = async (id: string, state: 'delivered' | 'received', seconds = 90): Promise<void> => {
      try {
        await team.waitFor(id, state, seconds * 1000);
      } catch (error) {
        throw new Error(`${id} is not ${state}\n${claude.bed.describe(await team.snapshot())}`, { cause: error });
      }
    };
    /** Returns how often the model got the text, and when first. */
    const given = (text: string): { readonly times: number; readonly at: number } => {
      const requests = claude.api.requests.filter(
        ({ kind, prompts }) => kind === 'turn' && prompts.some((prompt) => prompt.includes(text)),
      );
      return { times: requests.length, at: requests[0]?.at ?? Infinity };
    };
    const work = async (order: string): Promise<void> => {
      await reaches(await send(order), 'received');
      await claude.bed.until(team, 'a working agent', 20, ({ agents }) =>
        agents.some(({ window, status }) => window === WINDOW && status === 'busy'),
      );
      await sleep(1500);
    };
    /** Waits until the text is in the CLI's queue, and asserts that the model does not have it. */
    const isQueued = async (id: string, text: string): Promise<void> => {
      await claude.bed.until(team, 'a text in the CLI’s queue', 20, ({ messages }) =>
        messages.some((message) => message.id === id && message.reason === 'queued in the CLI'),
      );
      assert.deepEqual([(await view(id)).state, given(text).times], ['delivered', 0]);
    };

    it('are read between two tool calls, and the receipt names the next one', async () => {
      await work('go:tools 6 4');
      const id = await send('the port is 8081 now');
      await isQueued(id, '8081');
      await reaches(id, 'received');
      const { history } = await view(id);
      const received = history.find(({ state }) => state === 'received')?.at ?? 0;
      await isIdle();
      assert.equal(given('8081').times, 1);
      assert.ok(received - given('8081').at < 3000 * SLOW_MACHINE_FACTOR, `${received - given('8081').at} ms`);
      assert.equal((await view(id)).reason, 'read before `sleep 1` (call 2)');
      const shown = (await team.snapshot()).messages.find((message) => message.id === id);
      assert.equal(shown?.reason, 'read before `sleep 1` (call 2)');
    });

    it('begin a turn of their own while the model thinks', async () => {
      await work('go:think 8');
      const id = await send('think of the cache as well');
      await isQueued(id, 'the cache');
      await reaches(id, 'received');
      assert.match((await view(id)).reason, /^read as turn \d+$/);
      await isIdle();
      assert.equal(given('the cache').times, 1);
    });

    it('for later let those for now pass', async () => {
      await work('go:tools 5 2');
      const later = await send('then write the changelog', 'idle');
      const now = await send('mind the tests', 'now');
      await reaches(now, 'received');
      assert.deepEqual([(await view(later)).state, (await view(later)).reason], ['held', 'busy']);
      await reaches(later, 'received');
      await isIdle();
      assert.deepEqual([given('mind the tests').times, given('changelog').times], [1, 1]);
    });

    it('are read at once after Escape', async () => {
      await work('go:tools 9 1');
      const id = await send('you were stopped by the user');
      await isQueued(id, 'were stopped');
      claude.bed.tmux('send-keys', '-t', await paneOf(), 'Escape');
      await reaches(id, 'received');
      await isIdle();
      assert.equal(given('were stopped').times, 1);
    });

    it('reach an idle agent whose shell goes on in the background', async () => {
      await reaches(await send('go:background 8'), 'received');
      await claude.bed.until(team, 'background work', 20, ({ agents }) =>
        agents.some(({ status, background }) => status === 'idle' && background === 'sleep 8'),
      );
      await reaches(await send('mind the other shell'), 'received');
      // Its end begins a turn, which would come between the messages of the next test.
      await claude.bed.until(team, 'the end of the shell', 60, ({ agents }) =>
        agents.some(({ window, status, background }) => window === WINDOW && status === 'idle' && background === ''),
      );
      await isIdle();
      assert.equal(given('the other shell').times, 1);
    });

    it('as interrupts end the turn, behind a text that was queued', async () => {
      await work(`go:tools ${ENDLESS} 3`);
      const queued = await send('this one is queued');
      await isQueued(queued, 'is queued');
      const to = { from: { kind: 'user' as const }, to: 'builder' };
      const [stop] = await team.send({ ...to, text: 'stop, the branch is wrong', type: 'tmux_interrupt' });
      await reaches(stop?.id ?? '', 'received');
      await reaches(queued, 'received');
      await isIdle();
      assert.deepEqual([given('is queued').times, given('branch is wrong').times], [1, 1]);
      assert.ok(given('is queued').at <= given('branch is wrong').at);
      const screen = claude.bed.tmux('capture-pane', '-p', '-t', await paneOf());
      assert.match(screen, /^❯\s*$/m);
    });

    it('as interrupts stop a tool and are read at once', async () => {
      await work(`go:tools ${ENDLESS} 3`);
      const to = { from: { kind: 'user' as const }, to: 'builder' };
      const [stop] = await team.send({ ...to, text: 'leave the tests alone', type: 'tmux_interrupt' });
      await reaches(stop?.id ?? '', 'received');
      await isIdle();
      assert.equal(given('leave the tests').times, 1);
    });

    it('are typed again when the user took them out of the queue unread', async () => {
      await work('go:tools 8 1');
      const id = await send('this one comes back');
      await isQueued(id, 'comes back');
      claude.bed.tmux('send-keys', '-t', await paneOf(), 'Up');
      await claude.bed.until(team, 'a message known as unread', 20, ({ messages }) =>
        messages.some((message) => message.id === id && message.history.some(({ state }) => state === 'retrying')),
      );
      await reaches(id, 'received');
      // The receipt of an idle agent comes with its prompt hook, before the request.
      await waitUntil(() => given('comes back').times > 0, 20_000, 'the request with the text');
      await isIdle();
      assert.equal(given('comes back').times, 1);
    });

    it('are unread when the agent is killed, and reach the resumed conversation once', async () => {
      await work('go:tools 9 3');
      const id = await send('survive the kill');
      await isQueued(id, 'survive the kill');
      const pid = claude.bed.tmux('display-message', '-p', '-t', await paneOf(), '#{pane_pid}').trim();
      execFileSync('kill', ['-9', pid]);
      await claude.bed.until(team, 'a message known as unread', 20, ({ messages }) =>
        messages.some(
          (message) => message.id === id && message.history.some(({ reason }) => reason.includes('before it read')),
        ),
      );
      assert.equal(given('survive the kill').times, 0);
      await team.request({ kind: 'relaunch', window: WINDOW });
      await reaches(id, 'received');
      await isIdle();
      assert.equal(given('survive the kill').times, 1);
    });

    const paneOf = async (): Promise<string> =>
      (await team.snapshot()).agents.find(({ window }) => window === WINDOW)?.pane ?? '';
  });
}
