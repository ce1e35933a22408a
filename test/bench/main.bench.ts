/** `npm run bench`; `-- --help` lists its options. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { suiteOptions } from '../harness/cli/suiteOptions';
import { ensureTools, tools } from '../harness/systemPackages';
import { writeDocs } from './docs';
import { isMet, number, type Figure, type Result } from './figure';
import { activation } from './figures/activation';
import { backlogFigure } from './figures/backlog';
import { bundleLoad } from './figures/bundleLoad';
import { claudeLatency } from './figures/claude';
import { enqueue } from './figures/enqueue';
import { hosts } from './figures/hosts';
import { idle, memory } from './figures/idle';
import { idleLatency } from './figures/latency';
import { launch } from './figures/launch';
import { monitorFigure } from './figures/monitor';
import { parse } from './figures/parse';
import { processFigures } from './figures/processes';
import { profile } from './figures/profile';
import { growthInAgents, sustainedFigures } from './figures/throughput';
import { viewsFigure } from './figures/views';

const FIGURES: readonly Figure[] = [
  enqueue,
  idleLatency,
  ...sustainedFigures,
  hosts,
  claudeLatency,
  launch,
  parse,
  ...processFigures,
  idle,
  memory,
  activation,
  viewsFigure,
  bundleLoad,
  monitorFigure,
  backlogFigure,
  growthInAgents,
  profile,
];
const ORDER = FIGURES.map(({ name }) => name);

export interface Measured extends Result {
  readonly name: string;
  readonly title: string;
}

export interface Report {
  readonly at: string;
  readonly machine: string;
  readonly figures: readonly Measured[];
}

const OPTIONS = {
  only: { type: 'string', value: 'NAME,NAME…', help: 'only these figures' },
  long: { type: 'boolean', default: false, help: 'more repetitions' },
  check: { type: 'boolean', help: 'fails when a goal is missed' },
  json: { type: 'string', value: 'FILE', help: 'writes the report' },
  docs: { type: 'boolean', help: 'writes the figures into docs/performance.md' },
  from: { type: 'string', value: 'FILE', help: 'writes the documents from an earlier report' },
} as const;

/** Resolves with the exit code: 1 when a figure failed or, with `--check`, when a goal was missed. */
export async function main(args: readonly string[]): Promise<number> {
  const values = suiteOptions('bench', OPTIONS, args);
  if (values.from !== undefined) return docsFrom(values.from);
  const only = values.only?.split(',');
  const wanted = FIGURES.filter(
    ({ name }) => only === undefined || only.some((each) => name === each || name.startsWith(`${each}-`)),
  );
  if (wanted.length === 0) throw new Error(`No such figure; there are ${FIGURES.map(({ name }) => name).join(', ')}.`);
  await ensureTools([tools.tmux, tools.redis]);

  const figures: Measured[] = [];
  const report: Report = {
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.versions.node}`,
    figures,
  };
  let failures = 0;
  for (const figure of wanted) {
    const { name, title } = figure;
    try {
      const measured = { name, title, ...(await figure.run({ long: values.long })) };
      figures.push(measured);
      say(measured);
      // After each figure, so that an interrupted run still has results.
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 1)}\n`);
    } catch (error) {
      failures += 1;
      console.log(
        `\n${title} [${name}]\n  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  if (values.docs) writeDocs(report, ORDER);
  const missed = figures.flatMap(({ goals }) => goals).filter((each) => !isMet(each)).length;
  const goals = figures.flatMap((figure) => figure.goals).length;
  console.log(`\n${goals - missed} of ${goals} goals met; ${failures} figures failed`);
  return failures > 0 || (values.check && missed > 0) ? 1 : 0;
}

/** Draws the pictures and tables from stored reports; for a figure in several reports, the last one counts. */
function docsFrom(files: string): number {
  const reports = files.split(',').map((file) => JSON.parse(readFileSync(file, 'utf8')) as Report);
  const last = reports.at(-1);
  if (!last) return 1;
  const figures = FIGURES.flatMap(
    ({ name }) => reports.flatMap((report) => report.figures).findLast((figure) => figure.name === name) ?? [],
  );
  writeDocs({ ...last, figures }, ORDER);
  return 0;
}

function say({ name, title, floor, runs, measured, goals, notes = [] }: Measured): void {
  console.log(`\n${title} [${name}], ${runs} ${runs === 1 ? 'run' : 'runs'}\n  ${measured}\n  floor: ${floor}`);
  for (const each of goals)
    console.log(
      `  ${isMet(each) ? '✔' : '✖'} ${each.what}: ${number(each.value)} ${each.unit}, ${each.bound} ${each.limit}`,
    );
  for (const note of notes) console.log(`  ${note}`);
}
