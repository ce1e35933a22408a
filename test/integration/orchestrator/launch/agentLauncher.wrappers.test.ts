import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

const PLAN = JSON.stringify({ agents: [{ window: 2, name: 'api', role: 'the api' }] });
const AGENT = `'${process.execPath}' '${resolve('media/scripted-agent.mjs')}'`;

describe('agents whose command is not the CLI itself', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let team: Team;
  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    script('bare', `${AGENT} "$@"\nexit $?`);
  });
  afterEach(() => bed.dispose());

  /** A program in the project's `bin` folder. */
  function script(name: string, body: string, shell = '#!/bin/sh'): void {
    mkdirSync(join(bed.project, 'bin'), { recursive: true });
    writeFileSync(join(bed.project, 'bin', name), `${shell}\n${body}\n`, { mode: 0o755 });
  }

  /** Each gets its opening task and a message. */
  async function works(agentCommand: string, env: Record<string, string> = {}): Promise<void> {
    const agentEnv = { TACO_SCRIPTED_QUIET: '1', ...env };
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentCommand, agentEnv });
    await team.request({ kind: 'start', goal: 'test', plan: PLAN });
    await bed.until(team, 'running', 30, ({ session }) => session?.phase === 'running');
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'api', text: 'hello' });
    assert.ok(sent);
    const { state } = await team.waitFor(sent.id, 'received', 30_000);
    assert.equal(state, 'received', bed.describe(await team.snapshot()));
  }

  it('get their messages when a script starts the CLI without exec', () => works('./bin/bare'));

  it('get their messages through a link to such a script, with arguments behind it', async () => {
    script('checked', `test "$1 $2" = "--model opus" || exit 9\nshift 2\n${AGENT} "$@"\nexit $?`);
    symlinkSync(join(bed.project, 'bin/checked'), join(bed.home, 'my agent'));
    await works('"${userHome}/my agent" --model opus');
  });

  it('get their messages through npx', async () => {
    mkdirSync(join(bed.project, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(bed.project, 'package.json'), '{"name":"p","version":"1.0.0"}');
    symlinkSync(join(bed.project, 'bin/bare'), join(bed.project, 'node_modules/.bin/foo'));
    await works('npx --offline foo');
  });

  it('get their messages through bash -c that passes the arguments on', () =>
    works(`bash -c './bin/bare "$@"; exit $?' agent`));

  it('get their messages through a shim of a version manager, which runs another script', async () => {
    script('asdf-exec', `source "$(dirname "$0")/versions.sh"\nrun_version "$@"`, '#!/usr/bin/env bash');
    writeFileSync(join(bed.project, 'bin/versions.sh'), `run_version() { ( "${bed.project}/bin/bare" "$@" ); }\n`);
    script('shim', `exec "${bed.project}/bin/asdf-exec" "$@"`, '#!/usr/bin/env bash');
    await works('shim', { PATH: `${join(bed.project, 'bin')}:${process.env['PATH'] ?? ''}` });
  });

  it('are refused with the reason when the command would lose the arguments of TACO', async () => {
    await bed.engine(team, { profile: 'scripted', agentCommand: 'bash -c ./bin/bare' });
    await team.request({ kind: 'start', goal: 'x' });
    const { session } = await bed.until(team, 'failed', 20, (snapshot) => snapshot.session?.phase === 'failed');
    assert.match(session?.detail ?? '', /Cannot use the command "bash -c \.\/bin\/bare": bash would keep/);
  });
});
