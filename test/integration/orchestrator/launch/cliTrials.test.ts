import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TacoPaths } from '../../../../src/core/programs/paths';
import type { ProbeStep } from '../../../../src/environment/prerequisites/cliProbe';
import { CliTrials } from '../../../../src/orchestrator/launch/cliTrials';
import type { LauncherOptions } from '../../../../src/orchestrator/launch/launcherOptions';
import { claudeProfile } from '../../../../src/profiles/claude/profile';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import { silentLogger } from '../../../support/loggers';

const step = (name: ProbeStep['step'], outcome: ProbeStep['outcome']): ProbeStep => ({
  step: name,
  outcome,
  detail: `${name} ${outcome}`,
});

describe('the trial of an agent CLI before a team starts', () => {
  let dir: string;
  let notes: string[];
  let probes: number;
  let steps: readonly ProbeStep[];
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-trial-')));
    notes = [];
    probes = 0;
    steps = [step('start', 'ok'), step('typing', 'ok')];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Writes a CLI that prints this version, and counts how often it starts. */
  function cli(version: string): { command: string; args: readonly string[] } {
    const command = join(dir, 'claude');
    rmSync(command, { force: true });
    writeFileSync(command, `#!/bin/sh\necho started >> '${join(dir, 'starts')}'\necho '${version}'\n`, { mode: 0o755 });
    return { command, args: [] };
  }

  const starts = (): number => readFileSync(join(dir, 'starts'), 'utf8').trim().split('\n').length;

  function trials(): CliTrials {
    const options = {
      paths: new TacoPaths({ TACO_HOME: join(dir, 't') }, dir),
      settings: { tmuxCommand: 'tmux', agentEnv: {} },
      projectDir: dir,
      env: { PATH: process.env['PATH'] ?? '', HOME: dir },
      log: silentLogger,
      store: { note: (text: string) => Promise.resolve(void notes.push(text)) },
    };
    return new CliTrials(options as unknown as LauncherOptions, () => {
      probes += 1;
      return Promise.resolve(steps);
    });
  }

  it('happens once for a version, and a known executable is not even started again', async () => {
    const command = cli('9.9.1 (Claude Code)');
    await trials().check(claudeProfile, command);
    await trials().check(claudeProfile, command);
    assert.deepEqual([probes, starts()], [1, 1]);
    assert.match(notes.join('\n'), /9\.9\.1 .*is new to TACO[^]*works with TACO/);
    await trials().check(claudeProfile, cli('9.9.2 (Claude Code)'));
    assert.deepEqual([probes, starts()], [2, 2]);
  });

  it('tells the user of a failure at every start, without another trial', async () => {
    steps = [step('start', 'ok'), step('typing', 'failed')];
    const command = cli('9.9.1');
    await trials().check(claudeProfile, command);
    assert.match(notes.at(-1) ?? '', /Claude Code 9\.9\.1 failed TACO's trial: typing failed\. .*taco doctor --probe/);
    notes = [];
    await trials().check(claudeProfile, command);
    assert.equal(probes, 1);
    assert.match(notes.join('\n'), /^Claude Code 9\.9\.1 failed/);
  });

  it('proves nothing when the CLI asks something first, and happens again at the next start', async () => {
    steps = [step('start', 'failed')];
    const command = cli('9.9.1');
    await trials().check(claudeProfile, command);
    await trials().check(claudeProfile, command);
    assert.equal(probes, 2);
    assert.ok(!notes.some((note) => note.includes('failed')), notes.join('\n'));
  });

  it('is left out for a program without a version and for the scripted agent', async () => {
    await trials().check(claudeProfile, cli('hello'));
    await trials().check(scriptedProfile, cli('9.9.1'));
    await trials().check(claudeProfile, { command: join(dir, 'missing'), args: [] });
    assert.equal(probes, 0);
    assert.deepEqual(notes, []);
  });

  it('starts an executable again after it changed', async () => {
    const command = cli('9.9.1');
    await trials().check(claudeProfile, command);
    appendFileSync(command.command, '# changed\n');
    await trials().check(claudeProfile, command);
    assert.equal(starts(), 2);
  });
});
