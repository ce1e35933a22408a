import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isTacoError } from '../../src/core/errors/tacoError';
import type { Plan } from '../../src/core/models';
import type { InputRequest } from '../../src/core/requests/inputRequest';
import type { Team } from '../../src/team/team';
import { CLAUDE_VERSIONS } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

const WINDOW = 2;
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
const QUESTIONS = [
  {
    question: 'Which "colour"?',
    header: 'Colour',
    multiSelect: false,
    options: [
      { label: 'Red', description: 'warm' },
      { label: 'Blue', description: 'cold' },
    ],
  },
  {
    question: 'Which fruits?',
    header: 'Fruit',
    multiSelect: true,
    options: [
      { label: 'Apple', description: 'a' },
      { label: 'Pear', description: 'b' },
    ],
  },
];

for (const version of CLAUDE_VERSIONS) {
  describe(`input requests of the real Claude Code ${version}`, function () {
    this.timeout(120_000);
    let claude: ClaudeTeam;
    let bed: TestTeam;
    let team: Team;
    const results: string[] = [];

    function model(request: ModelRequest): Reply {
      if (request.kind === 'side') return sideReply;
      results.push(...request.toolResults.map(({ text }) => text));
      const [, word, tag = ''] = /go:(\w+) ?(\S*)$/.exec(request.prompts.join('\n').trim()) ?? [];
      const bash = (name: string): NonNullable<Reply['tools']>[number] => ({
        name: 'Bash',
        input: { command: `mkdir ${bed.project}/${name}`, description: `Make ${name}` },
      });
      if (word === 'make') return { tools: [bash(tag)] };
      if (word === 'two') return { tools: [bash(`${tag}1`), bash(`${tag}2`)] };
      if (word === 'ask') return { tools: [{ name: 'AskUserQuestion', input: { questions: QUESTIONS } }] };
      return { text: 'Understood.' };
    }

    /** Prompts the agent and resolves with the input request that results. */
    async function order(text: string): Promise<InputRequest> {
      await team.send({ from: { kind: 'user' }, to: 'builder', text });
      return requestFrom();
    }
    async function requestFrom(not = ''): Promise<InputRequest> {
      const { needs } = await bed.until(team, 'a request', 30, (snapshot) =>
        snapshot.needs.some(({ id }) => id !== not),
      );
      return needs.find(({ id }) => id !== not) as InputRequest;
    }
    const none = (): Promise<unknown> => bed.until(team, 'no request', 20, ({ needs }) => needs.length === 0);
    const idle = (): Promise<unknown> =>
      bed.until(team, 'idle', 30, ({ agents }) =>
        agents.some(({ window, status }) => window === WINDOW && status === 'idle'),
      );
    const result = async (is: (text: string) => boolean): Promise<void> => {
      await waitUntil(() => results.some(is), 10_000, 'the result', { details: () => results.join(' | ') });
    };
    const pane = (): string =>
      `=${execFileSync('tmux', ['-L', bed.socket, 'list-sessions', '-F', '#{session_name}'], { env: bed.env, encoding: 'utf8' }).trim().split('\n')[0] ?? ''}:${WINDOW}`;
    /** TACO's processes that wait for the user. */
    const hooks = (): string[] => {
      const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
      return running.filter(
        (line) => line.endsWith(' hook PermissionRequest') && line.includes(`${resolve('dist/taco.js')} `),
      );
    };

    before(async function () {
      this.timeout(600_000);
      claude = await claudeTeam({ version, reply: model });
      ({ bed, team } = claude);
      await team.request({ kind: 'start', goal: 'x', plan: JSON.stringify(PLAN) });
      await bed.until(team, 'review', 60, ({ session }) => session?.phase === 'review');
      await team.request({ kind: 'approve', plan: PLAN });
      await bed.until(team, 'the task received', 60, ({ messages }) =>
        messages.some(({ type, state }) => type === 'task' && state === 'received'),
      );
      await idle();
    });
    after(() => claude.dispose());

    it('show a permission with its tool and its input, and carry out the approval', async () => {
      const asked = await order('go:make yes');
      assert.deepEqual(
        [asked.window, asked.kind, asked.tool, JSON.parse(asked.input)],
        [WINDOW, 'permission', 'Bash', { command: `mkdir ${bed.project}/yes`, description: 'Make yes' }],
      );
      await team.answer(asked.id, { kind: 'allow' });
      await idle();
      assert.ok(existsSync(join(bed.project, 'yes')));
    });

    it('send the agent the reason of a denial', async () => {
      await team.answer((await order('go:make no')).id, { kind: 'deny', note: 'Use "mkdir -p"; it\'s safer' });
      await result((text) => text.includes('Use "mkdir -p"; it\'s safer'));
      await idle();
      assert.ok(!existsSync(join(bed.project, 'no')));
    });

    it('deliver the answers to its questions', async () => {
      const asked = await order('go:ask');
      assert.equal(asked.kind, 'question');
      await team.answer(asked.id, {
        kind: 'answers',
        answers: { 'Which "colour"?': 'Blue', 'Which fruits?': 'Apple, Pear' },
      });
      await result((text) => text.includes('"Blue"') && text.includes('Apple, Pear'));
      await idle();
    });

    it('ask about each of two commands, and free the message that waits behind them', async () => {
      const first = await order('go:two b');
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'builder', text: 'behind the dialog' });
      assert.ok(sent);
      await bed.until(team, 'held', 20, ({ messages }) =>
        messages.some(({ id, state }) => id === sent.id && state === 'held'),
      );
      await team.answer(first.id, { kind: 'allow' });
      const second = await requestFrom(first.id);
      await team.answer(second.id, { kind: 'deny', note: '' });
      assert.equal((await team.waitFor(sent.id, 'received', 90_000)).state, 'received');
      assert.deepEqual([existsSync(join(bed.project, 'b1')), existsSync(join(bed.project, 'b2'))], [true, false]);
    });

    it('continue at once after an answer in the terminal, refuse a second answer, and leave no hook behind', async () => {
      const asked = await order('go:make typed');
      const isOpen = (): boolean => /1\. Yes/.test(bed.screen(pane()));
      await bed.until(team, 'the dialog', 20, isOpen);
      // The hook of the request before may still be ending.
      await waitUntil(() => hooks().length === 1, 10_000, 'the only hook', { pauseMs: 50 });
      await bed.press(pane(), 'Enter', 'an answered dialog', () => !isOpen());
      await none();
      await assert.rejects(team.answer(asked.id, { kind: 'deny', note: '' }), (error) =>
        isTacoError(error, 'need-gone'),
      );
      await idle();
      assert.ok(existsSync(join(bed.project, 'typed')));
      await waitUntil(() => hooks().length === 0, 10_000, 'the end of its hooks', { pauseMs: 50 });
    });

    it('refuse an answer from an agent', async () => {
      const asked = await order('go:make agent');
      await assert.rejects(
        team.answer(asked.id, { kind: 'allow' }, { kind: 'agent', window: WINDOW, secret: 'x' }),
        (error) => isTacoError(error, 'sender-refused'),
      );
      assert.equal((await requestFrom()).id, asked.id);
      await team.answer(asked.id, { kind: 'deny', note: '' });
      await idle();
    });
  });

  describe(`the trust dialog of the real Claude Code ${version}`, function () {
    this.timeout(120_000);
    let claude: ClaudeTeam;
    let bed: TestTeam;
    let team: Team;

    before(async function () {
      this.timeout(600_000);
      claude = await claudeTeam({ version, reply: () => sideReply, trusted: false });
      ({ bed, team } = claude);
    });
    after(() => claude.dispose());

    it('is shown with its choices, refuses an unknown choice, and accepts the choice of the user', async () => {
      await team.request({ kind: 'start', goal: 'x', plan: JSON.stringify(PLAN) });
      const one = async (not = ''): Promise<InputRequest> => {
        const { needs } = await bed.until(team, 'the dialog', 60, (snapshot) =>
          snapshot.needs.some(({ id }) => id !== not),
        );
        return needs.find(({ id }) => id !== not) as InputRequest;
      };
      const first = await one();
      assert.deepEqual([first.window, first.kind, first.tool], [0, 'dialog', '']);
      assert.match(first.input, /Accessing workspace|trust/);
      for (const wrong of [{ kind: 'allow' }, { kind: 'pick', choice: 7 }] as const) {
        const { id } = await one();
        await assert.rejects(team.answer(id, wrong), (error) => isTacoError(error, 'answer-refused'));
        await bed.until(team, 'asked anew', 20, ({ needs }) => needs.length > 0);
      }
      const asked = await one();
      await team.answer(asked.id, { kind: 'pick', choice: asked.choices.findIndex((choice) => /^Yes/.test(choice)) });
      await bed.until(
        team,
        'ready',
        30,
        ({ agents, needs }) =>
          needs.length === 0 &&
          agents.some(({ window, status }) => window === 0 && (status === 'idle' || status === 'busy')),
      );
      await assert.rejects(team.answer(asked.id, { kind: 'pick', choice: 0 }), (error) =>
        isTacoError(error, 'need-gone'),
      );
    });
  });
}
