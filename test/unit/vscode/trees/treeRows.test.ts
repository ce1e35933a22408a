import assert from 'node:assert/strict';
import { viewItemMenu } from '../../../../src/vscode/manifest/contributions';
import { editorMenus } from '../../../../src/vscode/manifest/editorContributions';
import { noProject, type ProjectState } from '../../../../src/vscode/project/projectState';
import { messageRows } from '../../../../src/vscode/trees/messageRows';
import { agentRows, agentsNotice, serviceRows, type TreeRow, webUrl } from '../../../../src/vscode/trees/treeRows';
import { agent, message, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const one = (rows: readonly TreeRow[], id: string): TreeRow => {
  const row = rows.flatMap((parent) => [parent, ...parent.children]).find((candidate) => candidate.id === id);
  assert.ok(row, `no row ${id}`);
  return row;
};

describe('The Agents tree', () => {
  it('is empty without a session, so that the welcome view shows', () => {
    assert.deepEqual(agentRows(sampleSnapshot({ session: null })), []);
    assert.deepEqual(agentRows(null), []);
  });

  it('shows Mother first and by her title', () => {
    const [mother] = agentRows(sampleSnapshot());
    assert.equal(mother?.label, 'Mother');
    assert.equal(mother?.context, 'mother');
  });

  it('shows state and its time, activity, waiting messages and owned services', () => {
    assert.equal(
      one(agentRows(sampleSnapshot()), 'agent:3').description,
      'working 3m · Bash: npm test · 1 waiting · api',
    );
  });

  it('describes the icon in words, for a screen reader', () => {
    assert.match(one(agentRows(sampleSnapshot()), 'agent:4').spoken, /^frontend, needs you 3m/);
  });

  it('shows what proves the work of an agent, in words', () => {
    const agents = [
      agent(2, 'a', 'done', { proof: 'proven', activity: '' }),
      agent(3, 'b', 'done', { proof: 'reported', activity: '' }),
      agent(4, 'c', 'idle', { proof: 'stale', activity: '' }),
    ];
    const rows = agentRows(sampleSnapshot({ agents, needs: [] }));
    assert.match(one(rows, 'agent:2').description, /^done.* · proven$/);
    assert.match(one(rows, 'agent:3').description, /^done.* · not proven$/);
    assert.match(one(rows, 'agent:4').spoken, /^c, idle.*, changed after its proof/);
  });

  it('shows the first line with content of a multi-line activity', () => {
    const rows = agentRows(sampleSnapshot({ agents: [agent(2, 'a', 'busy', { activity: '\n  \nBash: ls\nmore' })] }));
    assert.match(one(rows, 'agent:2').description, /· Bash: ls$/);
  });

  it('offers to open a worktree on agents that have one on this disk, muted or not, and on no others', () => {
    const workspace = '/home/me/.taco/projects/abc/worktrees/taco-1/api/packages/api';
    const agents = [
      agent(0, 'mother', 'idle'),
      agent(2, 'own', 'idle', { workspace }),
      agent(3, 'shared', 'idle'),
      agent(4, 'away', 'idle', { workspace, host: 'gpu' }),
      agent(5, 'other', 'idle', { workspace: workspace.replace('abc', 'xyz') }),
    ];
    const offered = (row: TreeRow): readonly string[] => {
      const rows = [...viewItemMenu, ...(editorMenus['view/item/context'] ?? [])];
      return rows
        .filter(
          ({ when }) =>
            when.startsWith('view == taco.agents') &&
            new RegExp(/viewItem =~ \/(.*)\//.exec(when)?.[1] ?? '^never').test(row.context),
        )
        .map(({ command }) => command);
    };
    const withIt = (muted: boolean): readonly string[] =>
      agentRows(sampleSnapshot({ agents }), () => muted)
        .filter((row) => offered(row).includes('taco.openWorktree'))
        .map(({ label }) => label);
    assert.deepEqual([withIt(false), withIt(true)], [['own'], ['own']]);
    for (const muted of [false, true]) {
      for (const row of agentRows(sampleSnapshot({ agents }), () => muted)) {
        assert.deepEqual(
          offered(row).filter((command) => /mute/i.test(command)),
          [muted ? 'taco.unmuteAgent' : 'taco.muteAgent'],
          row.context,
        );
      }
    }
  });
});

describe('The notice above the agents', () => {
  const state = (phase: 'running' | 'lost' | 'failed', connected = true): ProjectState => ({
    snapshot: sampleSnapshot({ session: { ...sampleSnapshot().session!, phase } }),
    connected,
    missing: 'none',
    error: null,
    ready: true,
  });

  it('reports that the view is out of date, or that the terminals have ended', () => {
    assert.equal(agentsNotice(state('running', false)), 'Redis does not answer. This is the last known state.');
    assert.equal(agentsNotice(state('lost')), 'The tmux session has ended: resume it, or stop it');
  });

  it('is hidden while the rows are sufficient, and does not replace the welcome view', () => {
    assert.equal(agentsNotice(state('running')), '');
    assert.equal(agentsNotice(state('failed', false)), '');
    assert.equal(agentsNotice(noProject), '');
  });
});

describe('The Messages tree', () => {
  const rows = messageRows(sampleSnapshot());

  it('orders groups by importance, and leaves empty groups out', () => {
    assert.deepEqual(
      rows.map((row) => `${row.label} ${row.description}`),
      ['Needs a decision 1', 'Held 2', 'Processing 1', 'Pending 1', 'Recent 2'],
    );
    assert.deepEqual(messageRows(sampleSnapshot({ messages: [] })), []);
  });

  it('shows why a message is held, and since when', () => {
    assert.match(one(rows, 'message:cmd_held01').description, /^a dialog is open in its terminal · 2m · Use \/api/);
  });

  it('isolates right-to-left text so that the age stays behind it, and leaves other text unchanged', () => {
    const said = (text: string): string =>
      one(
        messageRows(sampleSnapshot({ messages: [message('rtl', 'USER', 2, text, 'queued', '', 5000)] })),
        'message:cmd_rtl',
      ).description;
    assert.equal(said('مرحبا 12'), '\u2068مرحبا 12\u2069 · 5s');
    assert.equal(said('Hallo 🌍'), 'Hallo 🌍 · 5s');
    const [doing] = agentRows(sampleSnapshot({ agents: [agent(2, 'a', 'busy', { activity: 'בודק', waiting: 2 })] }));
    assert.match(doing?.description ?? '', /· \u2068בודק\u2069 · 2 waiting$/);
  });

  it('offers retry and drop on dead and uncertain messages, and drop on one that waits', () => {
    assert.equal(one(rows, 'message:cmd_dead01').context, 'message.stuck');
    assert.equal(one(rows, 'message:cmd_held01').context, 'message.waiting');
    assert.equal(one(rows, 'message:cmd_recv02').context, 'message');
    const uncertain = messageRows(sampleSnapshot({ messages: [message('unsure', 'USER', 2, 'hi', 'uncertain')] }));
    assert.equal(one(uncertain, 'message:cmd_unsure').context, 'message.stuck');
  });

  it('names agents by their names and the user as "you"', () => {
    assert.equal(one(rows, 'message:cmd_queue1').label, 'you → backend');
    assert.equal(one(rows, 'message:cmd_recv02').label, 'database → Mother');
  });

  it("opens to the states of the message's history", () => {
    assert.deepEqual(
      one(rows, 'message:cmd_held01').children.map((step) => step.label),
      ['queued', 'typing', 'held'],
    );
  });

  it('shows every message exactly once, whatever its state', () => {
    const states = [
      'queued',
      'held',
      'typing',
      'typed',
      'entered',
      'delivered',
      'received',
      'retrying',
      'dead',
      'uncertain',
      'dropped',
    ] as const;
    const all = messageRows(sampleSnapshot({ messages: states.map((state) => message(state, 'USER', 2, 'x', state)) }));
    assert.deepEqual(
      all.flatMap((row) => row.children.map((child) => child.id)).sort(),
      states.map((state) => `message:cmd_${state}`).sort(),
    );
  });
});

describe('The Services tree', () => {
  it('shows health, port and owner', () => {
    assert.equal(one(serviceRows(sampleSnapshot()), 'service:api').description, 'healthy · :3001 · backend');
  });

  it('offers the browser only for http and https, since agents write the address', () => {
    assert.equal(webUrl({ url: '', port: 80 }), 'http://localhost/');
    assert.equal(webUrl({ url: 'https://localhost:8443/x', port: 8443 }), 'https://localhost:8443/x');
    for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'command:taco.stop', 'vscode://x', 'no url'])
      assert.equal(webUrl({ url, port: 1 }), null, url);
    assert.equal(one(serviceRows(sampleSnapshot()), 'service:database').context, 'service');
  });
});
