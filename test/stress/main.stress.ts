/** `npm run stress`; `-- --help` lists its options. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suiteOptions } from '../harness/cli/suiteOptions';
import { ensureTools, tools } from '../harness/systemPackages';
import { isQuiet, runNight } from './night';
import { table, withTable } from './report';
import { runStress } from './run';
import { runTwoTeams } from './twoTeams';

const OPTIONS = {
  minutes: { type: 'string', value: 'M', default: '5', help: 'duration of all faults, or of the night' },
  full: { type: 'boolean', default: false, help: 'the whole number of rounds of each fault' },
  agents: { type: 'string', value: 'N', help: 'agents of the team' },
  seed: { type: 'string', value: 'N', help: 'the seed of everything random' },
  fault: { type: 'string', multiple: true, value: 'NAME', help: 'only this fault; may be repeated' },
  rounds: { type: 'string', value: 'N', default: '20', help: 'rounds of the two teams side by side' },
  'teams-only': { type: 'boolean', default: false, help: 'only the two teams side by side' },
  night: { type: 'boolean', default: false, help: 'a simulated night with limits, crashes and network cuts' },
  json: { type: 'string', value: 'FILE', help: 'writes the results' },
} as const;

/**
 * Resolves with the exit code: 1 when a promise was not kept. `root` contains docs/, `taco` is the bundle under stress.
 */
export async function main(args: readonly string[], root: string, taco: string): Promise<number> {
  const values = suiteOptions('stress', OPTIONS, args);
  const minutes = values.full ? 'full' : Number(values.minutes);
  if (minutes !== 'full' && !(minutes > 0)) throw new Error('--minutes wants a number above 0.');
  const long = minutes === 'full' || minutes >= 4;
  await ensureTools([tools.tmux, tools.redis]);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (values.night) return night(Number(values.minutes), Number(values.agents ?? 20), seed, taco);
  const teams =
    values.fault === undefined
      ? await runTwoTeams({ rounds: Number(values.rounds), seed, taco, say: (line) => console.log(line) })
      : null;
  if (teams) console.log(JSON.stringify(teams, null, 1));
  const apart = teams === null || teams.crossed.length + teams.duplicates.length + teams.left.length === 0;
  if (values['teams-only']) return apart ? 0 : 1;
  const result = await runStress({
    minutes,
    seed,
    taco,
    agents: values.agents === undefined ? (long ? 20 : 8) : Number(values.agents),
    ...(values.fault ? { faults: values.fault } : {}),
    say: (line) => console.log(line),
  });
  console.log(`\n${table(result)}`);
  for (const { fault, counts } of result.faults) {
    for (const [what, list] of Object.entries(counts))
      if (Array.isArray(list)) for (const line of list.slice(0, 10)) console.log(`${fault}, ${what}: ${line}`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 1)}\n`);
  const passed = apart && result.violations === 0 && result.faults.every((fault) => fault.passed);
  // The documents show only a whole run.
  const docs = join(root, 'docs', 'reliability.md');
  if (values.fault === undefined && long) writeFileSync(docs, withTable(readFileSync(docs, 'utf8'), result));
  console.log(passed ? 'Every promise was kept.' : 'A promise was NOT kept.');
  return passed ? 0 : 1;
}

/** Runs the simulated night and prints its result. */
async function night(minutes: number, agents: number, seed: number, taco: string): Promise<number> {
  const result = await runNight({ minutes, agents, seed, taco, say: (line) => console.log(line) });
  console.log(JSON.stringify(result, null, 1));
  console.log(isQuiet(result) ? 'Every promise was kept.' : 'A promise was NOT kept.');
  return isQuiet(result) ? 0 : 1;
}
