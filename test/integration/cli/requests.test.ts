import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestKind } from '../../../src/core/team/checkRequest';
import { TEAM_PHASES, type TeamPhase } from '../../../src/core/team/teamPhase';
import { agent } from '../../support/planBuilders';
import { REQUEST_TABLE, stateOf, type Refusal } from '../../support/requestTable';
import { CliProject, type Ran } from '../../support/tacoCommand';

interface ErrorJson {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** A shell command and its request; `read` makes none. */
interface Line {
  readonly words: readonly string[];
  readonly kind: RequestKind | 'read';
  /** True when the agent of window 2 runs it. */
  readonly isAgent?: true;
  /** Refusals that differ from the table's. */
  readonly refused?: Partial<Record<TeamPhase, Refusal>>;
  /** Phases in which the command is not run: it would lead the team, or wait for its end. */
  readonly notIn?: readonly TeamPhase[];
}

const LINES: readonly Line[] = [
  { words: ['up', '--goal', 'another'], kind: 'start', notIn: ['none', 'failed'] },
  { words: ['plan', 'submit', 'FILE'], kind: 'submit-plan' },
  {
    words: ['plan', 'approve'],
    kind: 'approve-review',
    refused: { 'no-plan': ['plan-missing', /^No plan can be approved: the one under review has problems\.$/] },
  },
  { words: ['plan', 'approve', 'FILE'], kind: 'approve' },
  { words: ['plan', 'reject', 'other plan'], kind: 'reject' },
  { words: ['relaunch', 'backend'], kind: 'relaunch' },
  { words: ['budget', '5'], kind: 'budget' },
  { words: ['adopt', '%9', '--as', 'reviewer'], kind: 'adopt' },
  { words: ['done', 'ready'], kind: 'report-done', isAgent: true },
  { words: ['send', 'backend', 'hello'], kind: 'send' },
  { words: ['status'], kind: 'read' },
  { words: ['agents'], kind: 'read' },
  { words: ['messages'], kind: 'read' },
];
const POSTED: Partial<Record<RequestKind | 'read', string | null>> = {
  'approve-review': 'approve',
  send: null,
  read: null,
};
const NO_SESSION: Refusal = ['no-session', /^No TACO session runs for /];

describe('a taco command in a phase of the team', function () {
  this.timeout(120_000);
  let project: CliProject;
  let file: string;
  before(async () => {
    project = await CliProject.start();
    file = join(project.server.paths.home, 'plan.json');
    writeFileSync(file, JSON.stringify({ agents: [agent(2, 'backend'), agent(3, 'frontend')] }));
  });
  after(() => project.close());

  async function enter(phase: TeamPhase): Promise<void> {
    await project.begin();
    const { session, plan } = stateOf(phase);
    if (session === null) await project.store.clear();
    else await project.store.setSession({ ...session, project_dir: project.dir, tmux_session: 'taco-cli' });
    if (session !== null) await project.store.setPlan(plan);
  }

  const run = ({ words, isAgent }: Line): Promise<Ran> => {
    const args = [...words.map((word) => (word === 'FILE' ? file : word)), '--json'];
    return isAgent ? project.agent(2, args) : project.asUser(args);
  };
  const expectedOf = ({ kind, refused }: Line, phase: TeamPhase): 'allowed' | Refusal =>
    refused?.[phase] ?? (kind === 'read' ? (phase === 'none' ? NO_SESSION : 'allowed') : REQUEST_TABLE[kind][phase]);
  /** Returns the kinds of the requests that wait for a leader. */
  async function posted(): Promise<string[]> {
    const entries = (await project.redis.call('XRANGE', project.keys.requests, '-', '+')) as [string, string[]][];
    return entries.map(([, fields]) => (JSON.parse(fields[1] ?? '{}') as { kind: string }).kind);
  }

  for (const phase of TEAM_PHASES)
    it(`is allowed, or refused completely with exit code 1 or 3, a reason and a hint: ${phase}`, async () => {
      await enter(phase);
      const before = await project.store.snapshot();
      const lines = LINES.filter(({ notIn }) => !notIn?.includes(phase));
      const wanted: string[] = [];
      for (let at = 0; at < lines.length; at += 4)
        await Promise.all(
          lines.slice(at, at + 4).map(async (line) => {
            const ran = await run(line);
            const what = `${line.words.join(' ')}: ${ran.stdout}${ran.stderr}`;
            const expected = expectedOf(line, phase);
            if (expected === 'allowed') {
              assert.equal(ran.code, 0, what);
              const kind = POSTED[line.kind] === undefined ? line.kind : POSTED[line.kind];
              if (kind) wanted.push(kind);
              return;
            }
            const { error } = ran.json<ErrorJson>();
            assert.deepEqual(
              [error.code, ran.code, ran.stderr],
              [expected[0], expected[0] === 'no-session' ? 3 : 1, ''],
              what,
            );
            assert.match(error.message, expected[1], what);
            assert.ok(error.hint.length > 10, what);
          }),
        );
      assert.deepEqual((await posted()).sort(), wanted.sort());
      const after = await project.store.snapshot();
      assert.deepEqual([after.session, after.plan], [before.session, before.plan]);
      const sends = expectedOf({ words: [], kind: 'send' }, phase) === 'allowed';
      assert.equal((await project.queue()).length, sends ? 1 : 0);
    });
});
