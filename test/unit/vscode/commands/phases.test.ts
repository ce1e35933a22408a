import assert from 'node:assert/strict';
import { TEAM_PHASES, type TeamPhase } from '../../../../src/core/team/teamPhase';
import type * as Handlers from '../../../../src/vscode/activation/commandHandlers';
import type { CommandDeps } from '../../../../src/vscode/commands/commandDeps';
import type { EditorParts } from '../../../../src/vscode/editor/commands';
import { workCommands } from '../../../../src/vscode/manifest/workContributions';
import { stateOf } from '../../../support/requestTable';
import { COMMAND_EFFECTS, outcomeOf, REQUESTING } from '../../../support/vscode/commandEffects';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { message, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

const HERE = { state: 'here', version: '', where: '', error: null } as const;
/** A dead message, which can be retried and dropped. */
const DEAD = { subject: { messageId: 'cmd_dead01' } };

/** A snapshot of a team in the phase. */
function snapshotIn(phase: TeamPhase): ReturnType<typeof sampleSnapshot> {
  const { session, plan } = stateOf(phase);
  const isThere = phase !== 'none' && phase !== 'failed';
  const messages = isThere ? [message('dead01', 'AGENT-3', 5, 'x', 'dead', 'gave up')] : [];
  const hosts = [{ name: 'build', machine: 'other', socket: 'taco', awaySince: 1 }];
  return sampleSnapshot({ session, plan, messages, hosts, ...(isThere ? {} : { agents: [] }) });
}

describe('A command of the palette in a phase of the team', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let commandHandlers: typeof Handlers.commandHandlers;
  let window: WindowProject;

  before(async () => {
    back = vscode.install();
    ({ commandHandlers } = await import('../../../../src/vscode/activation/commandHandlers'));
  });
  after(() => back());
  afterEach(() => window.dispose());

  async function open(phase: TeamPhase): Promise<ReturnType<typeof Handlers.commandHandlers>> {
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [{ name: 'tmux', check: HERE }],
      snapshotIn(phase),
    );
    await window.host.require().team();
    vscode.asked.length = 0;
    const deps = { ...window.deps, mutes: { has: () => false }, loadBackend: async () => ({}) };
    return commandHandlers(deps as unknown as CommandDeps, {} as EditorParts);
  }
  const done = (): readonly string[] =>
    window.teams.flatMap(({ requests, sent, decided }) => [
      ...requests.map(({ kind }) => kind),
      ...sent.map(() => 'send'),
      ...decided.map(() => 'record'),
    ]);

  for (const phase of TEAM_PHASES)
    it(`asks nothing and does nothing when its request is invalid: ${phase}`, async () => {
      const handlers = await open(phase);
      for (const [id, kind] of REQUESTING) {
        const expected = outcomeOf(kind, phase);
        if (expected === 'allowed') continue;
        await assert.rejects(
          async () => handlers[id](id.endsWith('Message') ? DEAD : undefined),
          (error: { code: string; message: string }) => {
            assert.equal(error.code, expected[0], id);
            assert.match(error.message, expected[1], id);
            return true;
          },
          id,
        );
      }
      assert.deepEqual([vscode.asked, done()], [[], []]);
    });

  it('makes its request where it is valid', async () => {
    vscode.answers = true;
    vscode.writes = async () => '5';
    try {
      for (const phase of TEAM_PHASES)
        for (const [id, kind] of REQUESTING) {
          // A start is followed to its end, which start.test.ts shows; a pane to adopt needs tmux.
          // Commands on finished work fit an agent only in some states of its work: workCommands.test.ts.
          const hasOwnTest = kind === 'start' || kind === 'adopt' || id in workCommands;
          if (hasOwnTest || outcomeOf(kind, phase) !== 'allowed') continue;
          const handlers = await open(phase);
          await handlers[id](id.endsWith('Message') ? DEAD : undefined);
          assert.deepEqual(done(), [kind], `${id} in ${phase}`);
          window.dispose();
        }
    } finally {
      vscode.answers = false;
    }
  });

  it('shows nothing of a session that does not exist', async () => {
    for (const phase of ['none', 'failed'] as const) {
      const handlers = await open(phase);
      for (const [id, effect] of Object.entries(COMMAND_EFFECTS))
        if (effect === 'read' && id !== 'taco.showMessage')
          await assert.rejects(async () => handlers[id as keyof typeof handlers](), { code: 'no-session' }, id);
      window.dispose();
    }
  });
});
