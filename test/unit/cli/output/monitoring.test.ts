import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderDashboard } from '../../../../src/cli/output/monitoring';
import { cellsOf } from '../../../../src/cli/output/terminalText';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { agent, message, NOW, snapshot } from '../../../support/snapshotBuilders';

const rule = '═'.repeat(63);
const seed = snapshot({
  counters: { pending: 3, processing: 2, executed: 1247, failed: 0, activeAgents: 7 },
  activity: [
    { at: NOW, text: '[AGENT-3 → AGENT-4] API spec shared' },
    { at: NOW - 1000, text: '[AGENT-5 → MOTHER] Tests passing (42/42)' },
    { at: NOW - 4000, text: '[AGENT-6 → AGENT-3] Frontend build complete' },
  ],
  services: (['frontend', 'backend', 'database'] as const).map((name, i) => ({
    name,
    port: [3000, 3001, 5432][i] ?? 0,
    url: `http://localhost:${[3000, 3001, 5432][i]}`,
    health: 'healthy' as const,
    owner: '',
    check: 'tcp',
    checkedAt: NOW,
  })),
});
const render = (value: Snapshot, columns = 63, rows?: number) =>
  renderDashboard(value, { columns, color: false, now: NOW, ...(rows === undefined ? {} : { rows }) });
const strip = (line: string) => line.replace(/\u001b\[[0-9;]*m/g, '');

describe('the dashboard', () => {
  it('renders the expected picture', () => {
    assert.deepEqual(render(seed), [
      rule,
      '  TACO Orchestration Monitor',
      rule,
      '  Session: taco-project-20250109',
      '  Started: 2h 34m ago',
      '  Agents: 7 active, 0 failed',
      '',
      '  Command Queue:',
      '    Pending: 3',
      '    Processing: 2',
      '    Completed: 1,247',
      '    Failed: 0',
      '',
      '  Recent Activity:',
      '    12:34:56 [AGENT-3 → AGENT-4] API spec shared',
      '    12:34:55 [AGENT-5 → MOTHER] Tests passing (42/42)',
      '    12:34:52 [AGENT-6 → AGENT-3] Frontend build complete',
      '',
      '  Service Registry:',
      '    frontend: http://localhost:3000 (healthy)',
      '    backend:  http://localhost:3001 (healthy)',
      '    database: http://localhost:5432 (healthy)',
      rule,
    ]);
  });

  it('shows each agent with its state and waiting messages, and why messages are held', () => {
    const lines = render(
      snapshot({
        agents: [
          agent(0, 'mother'),
          agent(2, 'backend', { status: 'needs-input', waiting: 2, activity: 'asks: Bash rm -rf build' }),
          agent(3, 'frontend', { status: 'failed' }),
        ],
        messages: [
          message('cmd_000001', { state: 'held', reason: 'dialog', since: NOW - 12_000, target: 'taco:2' }),
          message('cmd_000002', {
            state: 'dead',
            reason: 'the pane is gone',
            message: '[USER → AGENT-3]: hello',
            sender: 'USER',
          }),
          message('cmd_000003'),
        ],
        counters: { processing: 1, held: 1, activeAgents: 2 },
      }),
      80,
    ).join('\n');
    assert.match(lines, /Agents: 2 active, 1 failed, 1 need input/);
    assert.match(lines, /^ {3}0 {2}mother {4}idle/m);
    assert.match(lines, /^ {3}2 {2}backend {3}needs-input 5s .*2 waiting {2}asks: Bash rm -rf build$/m);
    assert.match(lines, /Processing: 1 \(1 held\)/);
    assert.match(lines, /\[AGENT-4 → AGENT-2\] held \(dialog\) 12s {2}API ready/);
    assert.match(lines, /\[USER → AGENT-3\] dead \(the pane is gone\) 1s {2}hello/);
    assert.doesNotMatch(lines, /cmd_000003|received/);
  });

  it('shows the phase of a session until it runs, and that no leader runs', () => {
    const session = {
      ...seed.session!,
      phase: 'planning' as const,
      detail: 'Mother plans, attempt 1 of 3',
      goal: 'Build it',
    };
    const lines = render({ ...seed, session, leader: null }).join('\n');
    assert.match(lines, /Phase: planning: Mother plans, attempt 1 of 3/);
    assert.match(lines, /Goal: Build it/);
    assert.match(lines, /No leader/);
  });

  it('shows that no session runs, and how to start one', () => {
    assert.match(render({ ...seed, session: null }, 80).join('\n'), /No session runs\. Start one: taco up --goal/);
  });

  it('shows that Redis is unreachable and the age of the picture', () => {
    const lines = renderDashboard(seed, { columns: 80, color: false, now: NOW + 12_000, connected: false });
    assert.match(lines.join('\n'), /Redis is out of reach; this was seen 12s ago/);
  });

  it('keeps every section in 24 lines of 80 columns with a busy team of twenty', () => {
    const busy = snapshot({
      ...seed,
      counters: { pending: 30, processing: 20, held: 9, executed: 5, failed: 1, activeAgents: 20 },
      agents: Array.from({ length: 20 }, (_, i) => agent(i + 2, `agent_${i}`)),
      messages: Array.from({ length: 9 }, (_, i) => message(`cmd_00000${i}`, { state: 'held', reason: 'busy' })),
    });
    const lines = render(busy, 80, 24);
    assert.equal(lines.length, 24);
    for (const words of [
      'Command Queue',
      'Team:',
      'Held and Dead:',
      'Recent Activity:',
      'Service Registry:',
      '30 pending',
    ])
      assert.ok(
        lines.some((line) => line.includes(words)),
        words,
      );
    assert.match(lines.join('\n'), /… 1[0-9] more/);
  });

  it('never splits wide characters and counts them as two cells', () => {
    const lines = render(
      {
        ...seed,
        activity: [
          { at: NOW, text: '漢字'.repeat(60) },
          { at: NOW, text: '👩‍👩‍👧 family 🇩🇪 flag ❤️ heart e\u0301' },
        ],
      },
      40,
    );
    const wide = lines.find((line) => line.includes('漢'))!;
    assert.ok(cellsOf(wide) >= 39 && cellsOf(wide) <= 40);
    assert.ok(wide.endsWith('…'));
    assert.equal(cellsOf('👩‍👩‍👧'), 2);
    assert.equal(cellsOf('🇩🇪'), 2);
    assert.equal(cellsOf('❤️'), 2);
    assert.equal(cellsOf('e\u0301'), 1);
    assert.equal(cellsOf('漢字'), 4);
    assert.equal(cellsOf('\u200b'), 0);
  });

  it('removes everything in the text of agents that would act on the terminal', () => {
    const evil = '\u001b[2J\u001b]0;title\u0007red\u001b[31m\r\n\u0008\u009b1;1H\u202etxt\u2066';
    const lines = renderDashboard(
      snapshot({
        ...seed,
        session: { ...seed.session!, detail: evil, goal: evil, phase: 'planning' },
        activity: [{ at: NOW, text: evil }],
        agents: [agent(2, evil, { activity: evil })],
        services: [{ ...seed.services[0]!, name: evil, url: evil }],
        messages: [message('cmd_000001', { state: 'held', reason: evil, message: evil })],
      }),
      { columns: 100, color: true, now: NOW },
    );
    for (const line of lines)
      assert.doesNotMatch(strip(line), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('never draws a line wider than the terminal, nor more lines than it has', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(texts, { maxLength: 12 }),
        fc.boolean(),
        (columns, rows, words, color) => {
          const value = snapshot({
            ...seed,
            agents: words.map((word, i) => agent(i + 2, word, { activity: word })),
            activity: words.map((text) => ({ at: NOW, text })),
            messages: words.map((word, i) => message(`cmd_00000${i}`, { state: 'held', reason: word, message: word })),
          });
          const lines = renderDashboard(value, { columns, rows, color, now: NOW });
          assert.ok(lines.length <= rows);
          for (const line of lines)
            assert.ok(cellsOf(strip(line)) <= columns, `${cellsOf(strip(line))} > ${columns}: ${line}`);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('uses colours only on request, and ends each one in its line', () => {
    assert.ok(render(seed).every((line) => !line.includes('\u001b')));
    for (const line of renderDashboard(seed, { columns: 20, color: true, now: NOW })) {
      assert.equal(line.match(/\u001b\[[1-9][0-9]*m/g)?.length ?? 0, line.match(/\u001b\[0m/g)?.length ?? 0);
    }
  });
});
