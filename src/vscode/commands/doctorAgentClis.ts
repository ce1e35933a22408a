import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { TacoPaths } from '../../core/programs/paths';
import type { CliFinding, CliPlace } from '../../environment/prerequisites/agentClis';
import { profileOf } from '../../profiles/registry';
import type { CommandDeps } from './commandDeps';

/** An installed agent CLI, and the known facts about it with this tmux. Picking it starts a trial. */
export interface CliItem extends vscode.QuickPickItem {
  readonly repair: () => Thenable<unknown>;
}

/**
 * Lists the agent CLIs on this machine. Empty in an untrusted folder or without tmux, because a check starts these
 * programs.
 * @param tmux its version
 */
export async function agentClis(deps: CommandDeps, tmux: string): Promise<readonly CliItem[]> {
  const place = placeOf(deps, tmux);
  if (!place || tmux === '') return [];
  const { profile, agentCommand } = deps.engineSettings();
  const found = await (
    await deps.loadBackend()
  ).findAgentClis(place, (name) =>
    name === profile && agentCommand !== undefined ? agentCommand : (profileOf(name)?.defaultCommand ?? name),
  );
  return found.map((finding) => item(deps, place, finding));
}

function placeOf({ host, engineSettings }: CommandDeps, tmux: string): CliPlace | null {
  if (!host.project) return null;
  return {
    tmuxCommand: engineSettings().tmuxCommand,
    tmux,
    paths: new TacoPaths(process.env, homedir()),
    env: process.env,
    cwd: host.project.dir,
    projectDir: host.project.dir,
  };
}

function item(deps: CommandDeps, place: CliPlace, finding: CliFinding): CliItem {
  const { profile, tested, probe } = finding;
  const row = { label: `$(${ICONS[profile === '' ? 'untested' : tested]}) ${titleOf(finding)}` };
  if (profile === '') {
    const described = vscode.l10n.t('TACO has no profile for it: select it to describe it');
    return {
      ...row,
      description: described,
      repair: () => vscode.commands.executeCommand('workbench.action.openSettings', 'taco.profiles'),
    };
  }
  const failed = probe?.steps.find(({ outcome }) => outcome === 'failed');
  return {
    ...row,
    description: words(finding, place.tmux),
    ...(failed ? { detail: `${failed.step}: ${failed.detail.slice(0, 300)}` } : {}),
    repair: () => tryOut(deps, place, finding),
  };
}

/** `claude 2.1.331`. */
function titleOf({ name, version }: CliFinding): string {
  return `${name} ${/\d+\.[\w.-]+/.exec(version)?.[0] ?? version}`;
}

const ICONS: Readonly<Record<CliFinding['tested'], string>> = {
  proven: 'verified-filled',
  probed: 'pass',
  failed: 'warning',
  untested: 'question',
};

function words({ tested, probe }: CliFinding, tmux: string): string {
  switch (tested) {
    case 'proven':
      return probe
        ? vscode.l10n.t('proven with tmux {0}; tested on this machine: works', tmux)
        : vscode.l10n.t('proven with tmux {0}', tmux);
    case 'probed':
      return vscode.l10n.t('tested on this machine with tmux {0}: works', tmux);
    case 'failed':
      return vscode.l10n.t('tested on this machine with tmux {0}: does not work. Select it to test again', tmux);
    case 'untested':
      return vscode.l10n.t('untested with tmux {0}: select it to test it', tmux);
  }
}

/** Tries the agent CLI out while the user waits, reports the result, and returns to the list. */
async function tryOut(deps: CommandDeps, place: CliPlace, finding: CliFinding): Promise<void> {
  const title = vscode.l10n.t('Testing {0} in a separate terminal, without using its model…', titleOf(finding));
  const backend = await deps.loadBackend();
  const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    backend.probeAgentCli(place, finding),
  );
  deps.logger.info('doctor.probe', {
    cli: finding.name,
    version: finding.version,
    tmux: place.tmux,
    steps: result.probe?.steps,
  });
  await vscode.commands.executeCommand('taco.runDoctor');
}
