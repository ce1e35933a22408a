/** The installed agent CLIs, as `taco doctor` prints them. */
import { oneLine } from '../../core/base/truncate';
import {
  findAgentClis,
  probeAgentCli,
  type CliFinding,
  type CliPlace,
} from '../../environment/prerequisites/agentClis';
import { columnsOf, cut } from '../output/terminalText';
import type { CommandContext } from '../runtime/commandContext';
import { write } from '../runtime/io';

/**
 * Returns the CLIs that run; --probe probes them one after another. @param agent the agents' command, which may be
 * another path to Claude Code
 */
export async function agentClis(
  { invocation, io }: CommandContext,
  agent: string,
  place: CliPlace,
): Promise<readonly CliFinding[]> {
  const found = await findAgentClis(place, (name) => (name === 'claude' ? agent : name));
  if (!invocation.flag('probe')) return found;
  const tried: CliFinding[] = [];
  for (const finding of found) {
    if (finding.profile !== '' && place.tmux !== '')
      await write(io.stderr, `Trying ${finding.command} ${finding.version} out…\n`);
    tried.push(await probeAgentCli(place, finding));
  }
  return tried;
}

const WORDS: Readonly<Record<CliFinding['tested'], string>> = {
  proven: 'proven with this tmux',
  probed: 'tried out here: works',
  failed: 'tried out here: does NOT work',
  untested: 'UNTESTED with this tmux',
};

export function cliLines(clis: readonly CliFinding[]): string[] {
  if (clis.length === 0) return [];
  const rows = clis.flatMap(({ command, version, tested, probe, profile, settings }) => [
    [
      `  ${oneLine(command)}`,
      oneLine(version),
      profile === '' ? 'no profile: describe it (taco up --profiles)' : WORDS[tested],
    ],
    ...(probe?.steps ?? [])
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ step, detail }) => ['', `  ${step}`, cut(oneLine(detail), 200)]),
    ...settings.map(({ setting, effect, file }) => ['', `  ${setting}`, cut(oneLine(`${effect} (${file})`), 200)]),
  ]);
  return ['', 'Agent CLIs here:', ...columnsOf(rows)];
}

/** Returns the commands to paste for CLIs without a test result. */
export function cliRepairs(clis: readonly CliFinding[]): string[] {
  const untested = clis.filter(({ tested, profile }) => tested === 'untested' && profile !== '');
  return untested.length > 0 ? ['taco doctor --probe'] : [];
}
