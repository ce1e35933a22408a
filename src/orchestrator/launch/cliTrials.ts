import type { AgentProfile } from '../../core/agents/agentProfile';
import { errorMessage } from '../../core/errors/tacoError';
import { probeCli, type ProbeStep } from '../../environment/prerequisites/cliProbe';
import { isProven, pairOf, readProbes, saveProbe } from '../../environment/prerequisites/probeResults';
import type { ProgramCommand } from '../../environment/prerequisites/programCommand';
import { cachedVersionOf } from '../../environment/prerequisites/versionCache';
import { BUILT_IN_CLIS } from '../../profiles/registry';
import { checkTmux } from '../../tmux/client/runTmux';
import { type LauncherOptions, programEnvironment } from './launcherOptions';

/**
 * Tries a version of an agent CLI that nothing is known of out in a scratch pane, once a machine, before a team is
 * started with it. The user is notified of a failure; TACO does not refuse the version, because it checks each text again
 * when it types it. A known version costs the check of a file.
 */
export class CliTrials {
  constructor(
    private readonly options: LauncherOptions,
    private readonly probe: typeof probeCli = probeCli,
  ) {}

  /** Never rejects: a trial that cannot be made proves nothing. */
  async check(profile: AgentProfile, command: ProgramCommand): Promise<void> {
    if (!BUILT_IN_CLIS.includes(profile.name)) return;
    try {
      await this.tryOut(profile, command);
    } catch (error) {
      this.options.log.warn('cli.trial', { cli: profile.name, error: errorMessage(error) });
    }
  }

  private async tryOut(profile: AgentProfile, command: ProgramCommand): Promise<void> {
    const { paths, settings, projectDir, log, store } = this.options;
    const env = programEnvironment(this.options);
    const version = await cachedVersionOf(paths, command, env);
    // A program without a version is none of the CLIs, whatever its profile.
    if (version === null || !/\d+\.\d+/.test(version)) return;
    const pair = pairOf(profile.name, version, await checkTmux(settings.tmuxCommand, env));
    if (isProven(pair)) return;
    const known = (await readProbes(paths))[pair];
    if (known?.ok) return;
    if (known) return this.report(profile, version, known.steps);
    await store.note(`${profile.title} ${version} is new to TACO: trying it out, without its model`);
    const steps = await this.probe({ profile, command, cwd: projectDir, tmuxCommand: settings.tmuxCommand, env });
    log.info('cli.trial', { cli: profile.name, version, steps });
    // A CLI that asks something first, or starts slowly, says nothing about its version: the next start tries again.
    if (steps[0]?.outcome !== 'ok') return;
    const ok = steps.every(({ outcome }) => outcome !== 'failed');
    await saveProbe(paths, pair, { at: Date.now(), ok, steps: steps.map((step) => ({ ...step })) });
    if (ok) await store.note(`${profile.title} ${version} works with TACO`);
    else await this.report(profile, version, steps);
  }

  private async report(
    profile: AgentProfile,
    version: string,
    steps: readonly Pick<ProbeStep, 'detail' | 'outcome'>[],
  ): Promise<void> {
    const failed = steps.find(({ outcome }) => outcome === 'failed');
    this.options.log.warn('cli.trial-failed', { cli: profile.name, version, detail: failed?.detail });
    await this.options.store.note(
      `${profile.title} ${version} failed TACO's trial: ${failed?.detail ?? 'unknown'}. Messages to it may be held. Use another version, or try it again: taco doctor --probe`,
    );
  }
}
