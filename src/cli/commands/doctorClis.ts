/** The agent CLIs that are here: their versions, and what is known of each on this tmux. */
import type { TacoPaths } from '../../core/paths';
import { columnsOf, cut, oneLine } from '../../orchestrator/cells';
import { probeCli, type ProbeStep } from '../../orchestrator/cliProbe';
import { profileOf } from '../../profiles/registry';
import type { CommandContext } from '../context';
import { write } from '../io';
import { isProven, keepProbe, pairOf, readProbes, type ProbeRecord } from '../probes';

/** CLIs of agents that may be there; none is needed. */
const AGENT_CLIS = ['claude', 'codex', 'gemini', 'opencode', 'copilot', 'qwen'] as const;

export interface CliFinding {
  /** Its profile; empty: TACO has none for it. */
  readonly profile: string;
  readonly command: string;
  /** As it says itself. */
  readonly version: string;
  /** `proven`: by the conformance suite; `probed` and `failed`: by `taco doctor --probe` on this machine. */
  readonly tested: 'proven' | 'probed' | 'failed' | 'untested';
  readonly probe: ProbeRecord | null;
}

export interface CliSearch {
  readonly context: CommandContext;
  /** The agents' command, which may be another path to Claude Code. */
  readonly agent: string;
  /** tmux version; empty when there is none. */
  readonly tmux: string;
  readonly paths: TacoPaths;
  readonly version: (command: string) => Promise<string | null>;
}

/** Those that run, with --probe tried out one after another. */
export async function agentClis({ context, agent, tmux, paths, version }: CliSearch): Promise<readonly CliFinding[]> {
  const commands = [...AGENT_CLIS.map((name) => ({ name: String(name), command: name === 'claude' ? agent : name }))];
  const versions = await Promise.all(commands.map(({ command }) => version(command)));
  const found: CliFinding[] = [];
  for (const [index, { name, command }] of commands.entries()) {
    const says = versions[index];
    if (says === null || says === undefined) continue;
    const profile = profileOf(name);
    const pair = pairOf(name, says, tmux);
    if (profile && tmux !== '' && context.invocation.flag('probe')) {
      await write(context.io.stderr, `Trying ${command} ${says} out…\n`);
      const steps = await probeCli({ profile, command, cwd: context.io.cwd, tmuxCommand: 'tmux', env: context.io.env });
      await keepProbe(paths, pair, { at: Date.now(), ok: steps.every(({ outcome }) => outcome !== 'failed'), steps: steps.map((step: ProbeStep) => ({ ...step })) });
    }
    const probe = (await readProbes(paths))[pair] ?? null;
    const tested = probe?.ok === false ? 'failed' : isProven(pair) ? 'proven' : probe ? 'probed' : 'untested';
    found.push({ profile: profile?.name ?? '', command, version: says, tested, probe });
  }
  return found;
}

const WORDS: Readonly<Record<CliFinding['tested'], string>> = {
  proven: 'proven with this tmux', probed: 'tried out here: works', failed: 'tried out here: does NOT work', untested: 'UNTESTED with this tmux',
};

export function cliLines(clis: readonly CliFinding[]): string[] {
  if (clis.length === 0) return [];
  const rows = clis.flatMap(({ command, version, tested, probe, profile }) => [
    [`  ${oneLine(command)}`, oneLine(version), profile === '' ? 'no profile: describe it (taco up --profiles)' : WORDS[tested]],
    ...(probe?.steps ?? []).filter(({ outcome }) => outcome === 'failed').map(({ step, detail }) => ['', `  ${step}`, cut(oneLine(detail), 200)]),
  ]);
  return ['', 'Agent CLIs here:', ...columnsOf(rows)];
}

/** What to paste for those about which nothing is known. */
export function cliRepairs(clis: readonly CliFinding[]): string[] {
  const untested = clis.filter(({ tested, profile }) => tested === 'untested' && profile !== '');
  return untested.length > 0 ? ['taco doctor --probe'] : [];
}
