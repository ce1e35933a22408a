import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CANARY } from '../../support/hostileNames';
import { UpTeams } from '../../support/upTeams';

interface UpJson {
  readonly result: string;
  readonly agents: readonly { readonly window: number; readonly done: boolean }[];
  readonly messages: readonly { readonly state: string }[];
}

describe('a whole team where names are programs', function () {
  this.timeout(180_000);
  let teams: UpTeams;
  afterEach(() => teams.dispose());

  const places = [
    ['project folders that are tmux formats', `x#(${CANARY})y #{session_name}#S##`, 'home'],
    ['project folders that are shell code', `-"'\`${CANARY}\`$(${CANARY});${CANARY} & \\`, 'home'],
    ['project folders of other scripts, emoji and line breaks', '日本語 👩‍👩‍👧 e\u0301\n ', 'home'],
    ['a TACO_HOME with an equals sign', 'p', 'a=b'],
    ['a TACO_HOME with quotes, spaces and formats', 'p', `~ "a" 'b' $d #(${CANARY}) %H`],
  ] as const;
  for (const [what, name, home] of places) {
    it(`plans, launches and finishes in ${what}, and runs nothing else`, () => {
      teams = new UpTeams();
      const bin = join(teams.root, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, CANARY), `#!/bin/sh\n: > '${teams.root}/canary'\n`);
      chmodSync(join(bin, CANARY), 0o700);
      const dir = teams.project(name);
      const env = {
        TACO_SCRIPTED_QUIET: '',
        TACO_HOME: join(teams.root, home),
        PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      };
      const goal = ['up', '--goal', 'Build a todo app', '--yes', '--until-done', '--timeout', '90'];
      const ran = teams.taco(dir, [...goal, '--profile', 'scripted', '--json'], env);
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      const { result, agents, messages } = JSON.parse(ran.stdout) as UpJson;
      assert.equal(result, 'done');
      assert.ok(agents.filter(({ window }) => window >= 2).every(({ done }) => done));
      assert.ok(messages.length > 0 && messages.every(({ state }) => state === 'received'), JSON.stringify(messages));
      assert.ok(!existsSync(join(teams.root, 'canary')), 'a command that stands in a name was run');
    });
  }

  it('is refused with a reason where TACO_HOME cannot be on a PATH, and leaves nothing behind', () => {
    teams = new UpTeams();
    const dir = teams.project('p');
    const ran = teams.taco(dir, ['up', '--plan', 'team.json', '--yes', '--profile', 'scripted', '--json'], {
      TACO_HOME: join(teams.root, 'a:b'),
    });
    assert.equal(ran.code, 1, ran.stderr);
    const { error } = JSON.parse(ran.stdout) as { error: { code: string; message: string } };
    assert.equal(error.code, 'home-unusable');
    assert.match(error.message, /a:b as TACO_HOME.*":"/);
    assert.ok(!readdirSync(teams.root).includes('a:b'));
  });
});
