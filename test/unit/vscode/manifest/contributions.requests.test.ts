import assert from 'node:assert/strict';
import { checkRequest, type RequestKind } from '../../../../src/core/team/checkRequest';
import { TEAM_PHASES, type TeamPhase } from '../../../../src/core/team/teamPhase';
import { commands, type CommandId } from '../../../../src/vscode/manifest/contributions';

/** The request of each palette command. The other commands only show something, or answer an agent's request. */
const REQUESTS: Partial<Record<CommandId, RequestKind>> = {
  'taco.start': 'start',
  'taco.resumeSession': 'resume',
  'taco.messageAgent': 'send',
  'taco.broadcast': 'send',
  'taco.relaunchMother': 'relaunch',
  'taco.relaunchAgent': 'relaunch',
  'taco.stopAgent': 'stop-agent',
  'taco.adoptPane': 'adopt',
  'taco.forgetHost': 'forget-host',
  'taco.setBudget': 'budget',
  'taco.pauseTeam': 'pause-team',
  'taco.resumeTeam': 'resume-team',
};
const NAMES = { projectDir: '/work/shop', tmuxSession: 'taco-shop' };

/** Evaluates a `when` clause of `==` and `!=` joined by `&&`, as the manifest has them. */
function isEnabled(clause: string, keys: Readonly<Record<string, string | number | boolean>>): boolean {
  return clause.split(' && ').every((term) => {
    const compared = /^([\w.]+) (==|!=) '?([^']*)'?$/.exec(term);
    if (!compared) return keys[term] === true;
    return (String(keys[compared[1]!] ?? '') === compared[3]) === (compared[2] === '==');
  });
}

const keysIn = (phase: TeamPhase) => ({
  workspaceFolderCount: 1,
  isWorkspaceTrusted: true,
  'taco.session': phase === 'none' || phase === 'failed' ? 'none' : phase === 'lost' ? 'lost' : 'active',
  'taco.phase': phase,
});

describe('The palette in each phase of a team', () => {
  for (const [id, kind] of Object.entries(REQUESTS))
    it(`offers ${id} exactly where its request is allowed`, () => {
      for (const phase of TEAM_PHASES)
        assert.equal(
          isEnabled(commands[id as CommandId].enablement, keysIn(phase)),
          checkRequest(kind, phase, NAMES) === null,
          phase,
        );
    });

  it('offers Stop where there is a session, and all others except Resume before the extension is activated', () => {
    for (const phase of TEAM_PHASES)
      assert.equal(
        isEnabled(commands['taco.stop'].enablement, keysIn(phase)),
        phase !== 'none' && phase !== 'failed',
        phase,
      );
    for (const id of Object.keys(REQUESTS).filter((each) => each !== 'taco.resumeSession'))
      assert.ok(
        isEnabled(commands[id as CommandId].enablement, { workspaceFolderCount: 1, isWorkspaceTrusted: true }),
        id,
      );
  });
});
