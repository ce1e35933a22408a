/**
 * The installed agent CLIs: versions, test results on this tmux, and probes. Used by `taco doctor` and *Run Doctor*.
 */
import type { MatteringSetting } from '../../core/agents/agentProfile';
import type { TacoPaths } from '../../core/programs/paths';
import { BUILT_IN_CLIS, profileOf } from '../../profiles/registry';
import { probeCli } from './cliProbe';
import { versionOf } from './executables';
import { isProven, saveProbe, pairOf, readProbes, type ProbeRecord } from './probeResults';
import { parseCommand } from './programCommand';

/** Agent CLIs that may be installed and have no profile; none is required. */
const WITHOUT_PROFILE = ['crush', 'cline'];

export interface CliFinding {
  readonly name: string;
  /** Its profile; empty: TACO has none for it. */
  readonly profile: string;
  readonly command: string;
  /** Version as the CLI prints it. */
  readonly version: string;
  /** `proven`: by the conformance suite; `probed` and `failed`: by a probe on this machine. */
  readonly tested: 'proven' | 'probed' | 'failed' | 'untested';
  /** `new`: the conformance suite did not play this version with this tmux. */
  readonly state: 'known' | 'new';
  /** `silent`: the last probe on this machine heard no hook; empty: not tried here. */
  readonly hooks: 'heard' | 'silent' | '';
  readonly probe: ProbeRecord | null;
  /** The user's settings of this CLI that change what TACO can promise. */
  readonly settings: readonly MatteringSetting[];
}

export interface CliPlace {
  readonly tmuxCommand: string;
  /** tmux version; empty when tmux is not installed. */
  readonly tmux: string;
  readonly paths: TacoPaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for probes, which the user trusts. */
  readonly cwd: string;
  /** The folder of a relative command. */
  readonly projectDir: string;
}

/** Finds the installed CLIs that run. @param commandOf returns the executable of a CLI on this machine */
export async function findAgentClis(
  place: CliPlace,
  commandOf: (name: string) => string,
): Promise<readonly CliFinding[]> {
  const versions = await Promise.all(
    [...BUILT_IN_CLIS, ...WITHOUT_PROFILE].map(async (name) => ({
      name,
      command: commandOf(name),
      version: await versionOfCommand(commandOf(name), place),
    })),
  );
  const probes = await readProbes(place.paths);
  return versions.flatMap(({ name, command, version }) =>
    version === null ? [] : [findingOf(name, command, version, place, probes)],
  );
}

/**
 * Starts the CLI in a scratch pane and types as TACO does, without a turn of its model. Takes about 15 s; the result
 * is stored.
 */
export async function probeAgentCli(place: CliPlace, { name, command, version }: CliFinding): Promise<CliFinding> {
  const profile = profileOf(name);
  if (profile && place.tmux !== '') {
    const steps = await probeCli({
      profile,
      command: parseCommand(command, place),
      cwd: place.cwd,
      tmuxCommand: place.tmuxCommand,
      env: place.env,
    });
    await saveProbe(place.paths, pairOf(name, version, place.tmux), {
      at: Date.now(),
      ok: steps.every(({ outcome }) => outcome !== 'failed'),
      steps: steps.map((step) => ({ ...step })),
    });
  }
  return findingOf(name, command, version, place, await readProbes(place.paths));
}

/** Null also for a command that cannot be read; the check of the agents' command reports why. */
async function versionOfCommand(text: string, place: CliPlace): Promise<string | null> {
  try {
    const { command, args } = parseCommand(text, place);
    return await versionOf(command, place.env, args);
  } catch {
    return null;
  }
}

function findingOf(
  name: string,
  command: string,
  version: string,
  place: CliPlace,
  probes: Readonly<Record<string, ProbeRecord>>,
): CliFinding {
  const pair = pairOf(name, version, place.tmux);
  const profile = profileOf(name);
  const probe = probes[pair] ?? null;
  const tested = probe?.ok === false ? 'failed' : isProven(pair) ? 'proven' : probe ? 'probed' : 'untested';
  const settings = profile?.userSettings?.(place) ?? [];
  return {
    name,
    profile: profile?.name ?? '',
    command,
    version,
    tested,
    state: isProven(pair) ? 'known' : 'new',
    hooks: hooksOf(probe),
    probe,
    settings,
  };
}

function hooksOf(probe: ProbeRecord | null): CliFinding['hooks'] {
  const outcome = probe?.steps.find(({ step }) => step === 'hooks')?.outcome;
  return outcome === 'ok' ? 'heard' : outcome === 'failed' ? 'silent' : '';
}
