/** `npm run conformance -- --settings N [--seed S]`: N combinations of a user's settings on the real Claude Code. */
import { inLanes } from '../../harness/runConcurrently';
import type { Section } from '../document';
import { CLAUDE_FACTORS } from './claudeFactors';
import { combinations, uncovered, type Combination } from './pairwise';
import { playSettings, type SettingsResult } from './playSettings';

export interface SettingsRun {
  readonly version: string;
  readonly count: number;
  readonly seed: number;
  /** Number of the first combination, from 1: continues a run that was ended. */
  readonly from: number;
  readonly lanes: number;
  readonly taco: string;
}

export async function runSettings(run: SettingsRun): Promise<readonly SettingsResult[]> {
  const { version, count, seed, from, lanes, taco } = run;
  const all = combinations(CLAUDE_FACTORS, from - 1 + count, seed);
  console.log(`seed ${seed}, ${count} combinations, ${uncovered(CLAUDE_FACTORS, all).length} pairs not covered`);
  return inLanes(lanes, all.slice(from - 1), async (combination, index) => {
    const result = await playSettings(combination, version, taco);
    const { problems, seconds, escapeSeconds } = result;
    console.log(
      `${version} ${problems.length === 0 ? '✔' : '✖'} ${from + index}: ${described(combination)} ` +
        `(${Math.round(seconds)} s; idle ${escapeSeconds.toFixed(1)} s after Escape)`,
    );
    for (const problem of problems) console.log(`    ${problem}`);
    return result;
  });
}

/** Returns the section of docs/conformance.md. */
export function settingsSection(
  { version, seed, count }: SettingsRun,
  results: readonly SettingsResult[],
  { date, tmux }: { readonly date: string; readonly tmux: string },
): Section {
  const good = results.filter(({ problems }) => problems.length === 0);
  const having = (word: string): number =>
    results.filter(({ problems }) => problems.some((problem) => problem.startsWith(word))).length;
  const open = uncovered(
    CLAUDE_FACTORS,
    results.map(({ combination }) => combination),
  );
  const escapes = results.map(({ escapeSeconds }) => escapeSeconds).sort((a, b) => a - b);
  const markdown = [
    '## Settings of users',
    '',
    `Run of ${date} on Claude Code ${version}: ${count} combinations of the settings below, seed ${seed} (\`npm run conformance -- --settings ${count} --seed ${seed}\`).`,
    'Each is a team of its own that gets a first message, a message, a permission with a message behind its dialog, one Escape in a turn, and one relaunch.',
    '',
    '| combinations | as promised | with a message lost | duplicated | altered | dialog answered | stuck | pairs of values not covered | idle after Escape, median / slowest |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    `| ${results.length} | ${good.length} | ${having('lost')} | ${having('duplicated')} | ${having('altered')} | ${having('answered')} | ${having('stuck')} | ${open.length} | ${(escapes[Math.floor(escapes.length / 2)] ?? 0).toFixed(1)} s / ${(escapes.at(-1) ?? 0).toFixed(1)} s |`,
    '',
    '| setting | values |',
    '|---|---|',
    ...Object.entries(CLAUDE_FACTORS).map(([name, values]) => `| ${name} | ${values.join(' · ')} |`),
    '',
  ].join('\n');
  const counted = { version, date, tmux, cases: results.length, good: good.length, exact: good.length };
  const deviations = results
    .filter(({ problems }) => problems.length > 0)
    .map(({ combination, problems }) => `- ${described(combination)}: ${problems.map(firstWords).join('; ')}`);
  return {
    summary: {
      cli: 'settings',
      title: 'Claude Code, settings of users',
      versions: [{ ...counted, answered: having('answered'), falseReports: 0, deviations }],
    },
    markdown,
  };
}

/** Returns what differs from the defaults. */
function described(combination: Combination): string {
  const parts = Object.entries(combination).filter(([name, value]) => value !== CLAUDE_FACTORS[name]?.[0]);
  return parts.length === 0 ? 'all defaults' : parts.map(([name, value]) => `${name}: ${value}`).join(', ');
}

function firstWords(problem: string): string {
  return (problem.split('\n', 1)[0] ?? '').slice(0, 120);
}
