import * as assert from 'node:assert/strict';
import type { AgentState } from '../../../../src/core/agents/agentState';
import type { AccountLimit } from '../../../../src/core/limits/accountLimit';
import { reportMarkdown } from '../../../../src/core/report/reportMarkdown';
import { teamReport } from '../../../../src/core/report/teamReport';
import type { AgentStep } from '../../../../src/core/team/history';
import { agent, message, NOW, snapshot } from '../../../support/snapshotBuilders';

const MINUTE = 60_000;
const SINCE = NOW - 60 * MINUTE;
const steps = (
  window: number,
  ...states: readonly (readonly [minutesAgo: number, status: AgentState])[]
): AgentStep[] => states.map(([minutesAgo, status]) => ({ window, status, at: NOW - minutesAgo * MINUTE }));
const loggedOut: AccountLimit = {
  account: 'claude ~/.claude',
  host: '',
  kind: 'logged-out',
  text: 'Not logged in',
  since: NOW - MINUTE,
  until: null,
  remedy: 'run /login',
  attempts: 0,
  phase: 'closed',
  changedAt: NOW,
  trier: null,
  order: [],
  cut: [3],
};

describe('the report of a team', () => {
  it('counts turns, work, waits and restarts in its time, and cuts what began before', () => {
    const [report] = teamReport({
      snapshot: snapshot({
        agents: [agent(2, 'api', { done: true, status: 'done', activity: 'API is ready', waiting: 1 })],
      }),
      history: {
        finished: [
          { id: 'a', state: 'received', sender: 'USER', target: 's:2', enqueuedAt: SINCE, at: SINCE + 1 },
          { id: 'b', state: 'received', sender: 'AGENT-2', target: 's:3', enqueuedAt: SINCE, at: SINCE + 1 },
          { id: 'c', state: 'received', sender: 'USER', target: 's:2', enqueuedAt: 0, at: SINCE - 1 },
          { id: 'd', state: 'dead', sender: 'USER', target: 's:2', enqueuedAt: SINCE, at: SINCE + 1 },
        ],
        steps: [
          ...steps(
            2,
            [90, 'starting'],
            [80, 'busy'],
            [50, 'needs-input'],
            [40, 'busy'],
            [30, 'limited'],
            [20, 'busy'],
            [15, 'exited'],
            [14, 'starting'],
            [13, 'busy'],
            [3, 'idle'],
          ),
          ...steps(3, [30, 'busy']),
        ],
      },
      since: SINCE,
      commits: new Map([[2, [{ hash: 'abc1234', subject: 'Add the API' }]]]),
    }).agents;
    assert.deepEqual(
      {
        turns: report?.turns,
        worked: (report?.workedMs ?? 0) / MINUTE,
        restarts: report?.restarts,
        done: report?.done,
      },
      { turns: 2, worked: 10 + 10 + 5 + 10, restarts: 1, done: 'API is ready' },
    );
    assert.deepEqual(report?.waits, [
      { reason: 'needs-input', count: 1, ms: 10 * MINUTE },
      { reason: 'limited', count: 1, ms: 10 * MINUTE },
      { reason: 'exited', count: 1, ms: MINUTE },
    ]);
    assert.deepEqual(report?.messages, { received: 1, sent: 1, waiting: 1 });
    assert.deepEqual(report?.commits, [{ hash: 'abc1234', subject: 'Add the API' }]);
  });

  it('names what needs the user, the most urgent first', () => {
    const { open } = teamReport({
      snapshot: snapshot({
        agents: [
          agent(2, 'api', { status: 'needs-input', activity: 'Do you trust this folder?' }),
          agent(3, 'web', { status: 'limited' }),
          agent(4, 'docs', { status: 'exited', exitCode: 'signal 9', activity: 'out of memory' }),
          agent(5, 'lint', { status: 'exited', exitCode: '0', activity: '────── ⏎ ❯ ⏎ ────── ⏎ ? for shortcuts' }),
        ],
        limits: [{ ...loggedOut, account: 'claude' }],
        messages: [message('cmd_x', { state: 'dead', reason: 'no input box' })],
      }),
      history: { finished: [], steps: [] },
      since: SINCE,
    });
    assert.deepEqual(open, [
      'claude: not logged in: run /login; then taco resume',
      'api waits at a dialog in its terminal: Do you trust this folder?',
      'docs ended by signal 9: out of memory; to continue: taco relaunch docs',
      'lint ended with status 0; to continue: taco relaunch lint',
      'Message cmd_x is dead (no input box): API ready',
    ]);
  });

  it('does not ask the user where a limit ends by itself', () => {
    const limit = { ...loggedOut, account: 'claude', kind: 'usage-limit' as const, until: NOW + 5 * MINUTE };
    const report = teamReport({
      snapshot: snapshot({ agents: [agent(3, 'web', { status: 'limited' })], limits: [limit] }),
      history: { finished: [], steps: [] },
      since: SINCE,
    });
    assert.deepEqual([report.open, report.limits], [[], ['claude: usage limit reached, until 12:39']]);
  });

  it('is Markdown in which no text of an agent is markup', () => {
    const text = reportMarkdown(
      teamReport({
        snapshot: snapshot({
          agents: [agent(2, 'api', { done: true, activity: '<b>[x](http://evil)</b>\n# Title' })],
          activity: [{ at: NOW - MINUTE, text: 'api is `done`' }],
        }),
        history: { finished: [], steps: steps(2, [30, 'busy'], [10, 'idle']) },
        since: SINCE,
      }),
    );
    assert.match(text, /^# Team report, 11:34 to 12:34\n/);
    assert.match(text, /## What needs you now\n\nNothing\.\n/);
    assert.match(
      text,
      /### api: idle\n\na role\n\n- Finished: \\<b\\>\\\[x\\\]\(http:\/\/evil\)\\<\/b\\> ⏎ \\# Title\n/,
    );
    assert.match(text, /\| api \| idle \| 1 \| 20m \| {2}\| {2}\|\n/);
    assert.match(text, /- 0 messages received, 0 sent\n/);
    assert.match(text, /- 12:33 api is \\`done\\`\n$/);
  });
});
