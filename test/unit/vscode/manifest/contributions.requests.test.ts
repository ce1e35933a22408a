import assert from 'node:assert/strict';
import { TEAM_PHASES, type TeamPhase } from '../../../../src/core/team/teamPhase';
import { commands, type CommandId } from '../../../../src/vscode/manifest/contributions';
import { COMMAND_EFFECTS, outcomeOf } from '../../../support/vscode/commandEffects';

/** Evaluates a `when` clause of `==` and `!=` joined by `&&`, as the manifest has them. */
function isEnabled(clause: string, keys: Readonly<Record<string, string | number | boolean>>): boolean {
  return clause.split(' && ').every((term) => {
    const compared = /^([\w.]+) (==|!=|>) '?([^']*)'?$/.exec(term);
    if (term.startsWith('!')) return keys[term.slice(1)] !== true;
    if (!compared) return term === 'true' || keys[term] === true;
    if (compared[2] === '>') return Number(keys[compared[1]!]) > Number(compared[3]);
    return (String(keys[compared[1]!] ?? '') === compared[3]) === (compared[2] === '==');
  });
}

const keysIn = (phase: TeamPhase) => ({
  workspaceFolderCount: 2,
  isWorkspaceTrusted: true,
  'taco.session': phase === 'none' || phase === 'failed' ? 'none' : phase === 'lost' ? 'lost' : 'active',
  'taco.phase': phase,
  'taco.plan': 'proposed',
});

describe('The palette in each phase of a team', () => {
  it('is in the table of effects with every command', () => {
    assert.deepEqual(Object.keys(COMMAND_EFFECTS).sort(), Object.keys(commands).sort());
  });

  for (const [id, effect] of Object.entries(COMMAND_EFFECTS))
    it(`offers ${id} exactly where it works`, () => {
      for (const phase of TEAM_PHASES)
        assert.equal(
          isEnabled(commands[id as CommandId].enablement, keysIn(phase)),
          outcomeOf(effect, phase) === 'allowed',
          phase,
        );
    });

  it('offers what needs no running agents before the extension is activated, except Resume', () => {
    for (const [id, effect] of Object.entries(COMMAND_EFFECTS).filter(([, each]) => !each.endsWith('files')))
      assert.equal(
        isEnabled(commands[id as CommandId].enablement, { workspaceFolderCount: 2, isWorkspaceTrusted: true }),
        effect !== 'resume',
        id,
      );
  });
});
