import type { StressResult } from './run';

const BEGIN = '<!-- stress: begin -->';
const END = '<!-- stress: end -->';

/** Returns the result as Markdown: a row for each fault. */
export function table(result: StressResult): string {
  const rows = result.faults.map(({ title, measures, done, counts }) => [
    title,
    done.times,
    counts.acknowledged,
    counts.received,
    counts.lost.length,
    counts.duplicates.length,
    counts.outOfOrder.length,
    counts.damaged.length,
    counts.uncertain.length,
    counts.cutShort.length,
    counts.dead.length,
    `${(done.worstMs / 1000).toFixed(1)} s ${measures}`,
  ]);
  return [
    `${result.minutes} minutes, ${result.agents} agents, seed ${result.seed}, ${result.at.slice(0, 10)}; sends refused and told so: ${result.refused}; dialogs answered: ${result.violations}.`,
    '',
    '| fault | times | acknowledged | received | lost | doubled | out of order | damaged | uncertain | cut short | dead | longest |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

/** Returns the document with a new table. */
export function withTable(document: string, result: StressResult): string {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error('docs/reliability.md has lost the marks of its table.');
  return `${before}${BEGIN}\n${table(result)}\n${END}${after}`;
}
