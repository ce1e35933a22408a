import assert from 'node:assert/strict';
import type { SessionState } from '../../../../src/core/team/session';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type * as Start from '../../../../src/vscode/commands/start';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';
import { waitUntil } from '../../../support/waitUntil';

const HERE = { state: 'here', version: '', where: '', error: null } as const;

function inPhase(phase: SessionState['phase'], detail: string, request: string): Snapshot {
  const all = sampleSnapshot({ agents: [], plan: null, messages: [] });
  return { ...all, session: all.session && { ...all.session, phase, detail, request } };
}
const emptyTeam = sampleSnapshot({ session: null, agents: [], plan: null, messages: [] });

describe('Starting a team from a window', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let window: WindowProject;
  let start: typeof Start.start;
  let ended: boolean;

  before(async () => {
    back = vscode.install();
    ({ start } = await import('../../../../src/vscode/commands/start'));
  });
  after(() => back());

  beforeEach(async () => {
    ended = false;
    vscode.said.length = 0;
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [{ name: 'tmux', check: HERE }],
    );
  });
  afterEach(() => window.dispose());

  /** Starts as the user does; the leader has begun. */
  async function begun(): Promise<{ readonly end: Promise<void> }> {
    const end = start(window.deps, 'Build it').finally(() => (ended = true));
    await waitUntil(() => window.teams.some(({ requests }) => requests.length > 0), 5000, 'the request');
    showOwn('planning', 'Mother plans, attempt 1 of 3');
    await waitUntil(() => vscode.said.includes('Mother plans, attempt 1 of 3'), 5000, 'the progress');
    return { end };
  }
  const ticket = (): string => {
    const [request] = window.teams.flatMap(({ requests }) => requests);
    return request?.kind === 'start' ? (request.ticket ?? '') : '';
  };
  /** The leader reports the session of this window's start. */
  const showOwn = (phase: SessionState['phase'], detail: string): void => window.show(inPhase(phase, detail, ticket()));
  const asked = (): readonly string[] => window.teams.flatMap(({ requests }) => requests.map(({ kind }) => kind));

  it('follows the start until a plan waits', async () => {
    const { end } = await begun();
    showOwn('review', 'The plan waits for approval');
    await end;
    assert.deepEqual(asked(), ['start']);
  });

  it('continues to follow it when a changed setting reopens the project meanwhile', async () => {
    const { end } = await begun();
    vscode.set('taco.maxAgents', 12);
    await waitUntil(() => window.teams[0]?.closed === true, 5000, 'the old connection to be closed');
    assert.equal(ended, false);
    await (await window.host.require().team()).snapshot();
    showOwn('review', 'The plan waits for approval');
    await end;
  });

  it('can be cancelled after that: the stop goes to the project that is open now', async () => {
    const { end } = await begun();
    vscode.set('taco.maxAgents', 13);
    await waitUntil(() => window.teams[0]?.closed === true, 5000, 'the old connection to be closed');
    vscode.cancel();
    await end;
    assert.deepEqual(asked(), ['start', 'stop']);
  });

  it('requests a stop when the user cancels', async () => {
    const { end } = await begun();
    vscode.cancel();
    await end;
    assert.deepEqual(asked(), ['start', 'stop']);
  });

  it('refuses when another start came first, and leaves its team alone', async () => {
    const end = start(window.deps, 'Build it');
    await waitUntil(() => ticket() !== '', 5000, 'the request');
    window.teams[0]?.waiting.add(ticket());
    window.show(inPhase('planning', 'Mother plans', 'the ticket of another'));
    window.teams[0]?.waiting.clear();
    window.show(inPhase('review', 'The plan waits for approval', 'the ticket of another'));
    await assert.rejects(end, { code: 'session-exists' });
    assert.deepEqual(asked(), ['start']);
  });

  it('continues to wait while its own request has not been carried out', async () => {
    const end = start(window.deps, 'Build it').finally(() => (ended = true));
    await waitUntil(() => ticket() !== '', 5000, 'the request');
    window.teams[0]?.waiting.add(ticket());
    window.show(inPhase('stopping', 'The last team ends', 'the ticket of another'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(ended, false);
    showOwn('review', 'The plan waits for approval');
    await end;
  });

  it('passes on whether a first plan is approved at once', async () => {
    vscode.settings.set('taco.autoApprove', true);
    const { end } = await begun();
    vscode.settings.delete('taco.autoApprove');
    showOwn('review', 'The plan waits for approval');
    await end;
    const [request] = window.teams.flatMap(({ requests }) => requests);
    assert.equal(request?.kind === 'start' && request.autoApprove, true);
  });

  it('withdraws a request that nobody begins in time, and one that the user cancels', async () => {
    const real = globalThis.setTimeout;
    let late: (() => void) | undefined;
    const watched = (work: () => void, ms?: number): NodeJS.Timeout => {
      if (ms === 20_000) late = work;
      return real(work, ms);
    };
    globalThis.setTimeout = watched as typeof setTimeout;
    try {
      for (const give of [() => late?.(), () => vscode.cancel()]) {
        const before = asked().length;
        const end = start(window.deps, 'Build it').then(
          () => '',
          (error: { code: string }) => error.code,
        );
        await waitUntil(() => asked().length > before, 5000, 'the request');
        const request = window.teams.flatMap(({ requests }) => requests).at(-1);
        const own = request?.kind === 'start' ? (request.ticket ?? '') : '';
        window.teams[0]?.waiting.add(own);
        await waitUntil(() => late !== undefined, 5000, 'the time limit');
        give();
        assert.equal(await end, before === 0 ? 'timeout' : '');
        assert.equal(window.teams[0]?.waiting.has(own), false);
      }
    } finally {
      globalThis.setTimeout = real;
    }
    assert.deepEqual(asked(), ['start', 'start']);
  });

  it('requests no stop when the team was stopped elsewhere: it would end the next team', async () => {
    const { end } = await begun();
    window.show(emptyTeam);
    await end.catch(() => undefined);
    assert.deepEqual(asked(), ['start']);
  });
});
