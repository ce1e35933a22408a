/** The agent CLIs that are here: their versions, what is known of each on this tmux, and trying one out. For `taco doctor` and *Run Doctor*. */
import type { TacoPaths } from '../../core/base/paths';
import { profileOf } from '../../profiles/registry';
import { probeCli } from './cliProbe';
import { versionOf } from './executables';
import { isProven, saveProbe, pairOf, readProbes, type ProbeRecord } from './probeResults';

/** CLIs of agents that may be there; none is needed. */
const AGENT_CLIS = ['claude', 'codex', 'gemini', 'opencode', 'copilot', 'qwen'] as const;
export type AgentCli = (typeof AGENT_CLIS)[number];

export interface CliFinding {
  readonly name: AgentCli;
  /** Its profile; empty: TACO has none for it. */
  readonly profile: string;
  readonly command: string;
  /** As it says itself. */
  readonly version: string;
  /** `proven`: by the conformance suite; `probed` and `failed`: tried out on this machine. */
  readonly tested: 'proven' | 'probed' | 'failed' | 'untested';
  readonly probe: ProbeRecord | null;
}

export interface CliPlace {
  readonly tmuxCommand: string;
  /** tmux version; empty when there is none. */
  readonly tmux: string;
  readonly paths: TacoPaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a CLI is tried out: a folder that the person trusts. */
  readonly cwd: string;
}

/** Those that run. @param commandOf the executable by which a CLI is started here */
export async function findAgentClis(
  place: CliPlace,
  commandOf: (name: AgentCli) => string,
): Promise<readonly CliFinding[]> {
  const versions = await Promise.all(
    AGENT_CLIS.map(async (name) => ({
      name,
      command: commandOf(name),
      version: await versionOf(commandOf(name), place.env),
    })),
  );
  const probes = await readProbes(place.paths);
  return versions.flatMap(({ name, command, version }) =>
    version === null ? [] : [findingOf(name, command, version, place, probes)],
  );
}

/** Starts it in a scratch pane and types what TACO types; no turn of its model. Takes some 15 s; the result is kept. */
export async function probeAgentCli(place: CliPlace, { name, command, version }: CliFinding): Promise<CliFinding> {
  const profile = profileOf(name);
  if (profile && place.tmux !== '') {
    const steps = await probeCli({ profile, command, cwd: place.cwd, tmuxCommand: place.tmuxCommand, env: place.env });
    await saveProbe(place.paths, pairOf(name, version, place.tmux), {
      at: Date.now(),
      ok: steps.every(({ outcome }) => outcome !== 'failed'),
      steps: steps.map((step) => ({ ...step })),
    });
  }
  return findingOf(name, command, version, place, await readProbes(place.paths));
}

function findingOf(
  name: AgentCli,
  command: string,
  version: string,
  { tmux }: CliPlace,
  probes: Readonly<Record<string, ProbeRecord>>,
): CliFinding {
  const pair = pairOf(name, version, tmux);
  const probe = probes[pair] ?? null;
  const tested = probe?.ok === false ? 'failed' : isProven(pair) ? 'proven' : probe ? 'probed' : 'untested';
  return { name, profile: profileOf(name)?.name ?? '', command, version, tested, probe };
}
