import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawCurve } from './draw';
import { isMet, number } from './figure';
import type { Report } from './main.bench';

const FILE = join('docs', 'performance.md');
const PICTURES = join('docs', 'performance');
const BEGIN = '<!-- measured: written by `npm run bench -- --docs` -->';
const END = '<!-- /measured -->';
const HEAD = ['| figure | measured | floor, same run | goals | runs | on |', '|---|---|---|---|---|---|'] as const;

/**
 * Writes the tables and pictures of docs/performance.md. The text around them stays, and so do figures that this report
 * lacks.
 * @param order names of all figures, in the order of the table
 */
export function writeDocs(report: Report, order: readonly string[]): void {
  mkdirSync(PICTURES, { recursive: true });
  const curves = report.figures.flatMap(({ curves: found = [] }) => found);
  for (const curve of curves) writeFileSync(join(PICTURES, curve.file), drawCurve(curve));
  const text = readFileSync(FILE, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${FILE} has lost its marks ${BEGIN} … ${END}`);
  const pictures = curves.map(({ file, title }) => `![${title}](performance/${file})`);
  writeFileSync(
    FILE,
    `${text.slice(0, from)}${BEGIN}\n${measured(text.slice(from + BEGIN.length, to), report, pictures, order)}\n${END}${text.slice(to + END.length)}`,
  );
}

/** Replaces the text between the marks by the report's figures, where the report has them. */
export function measured(
  before: string,
  report: Report,
  pictures: readonly string[],
  order: readonly string[],
): string {
  const lines = before.split('\n');
  const rows = new Map(
    lines.flatMap((line) => {
      const name = /^\| .*? `([\w-]+)` \|/.exec(line)?.[1];
      return name === undefined ? [] : [[name, line] as const];
    }),
  );
  for (const figure of report.figures) rows.set(figure.name, rowOf(figure, report.at.slice(0, 10)));
  const files = pictures.map((picture) => picture.replace(/^.*\(/, '('));
  const otherPictures = lines.filter((line) => line.startsWith('![') && !files.some((file) => line.endsWith(file)));
  return [
    `Measured on ${report.machine}.`,
    '',
    ...HEAD,
    ...order.flatMap((name) => rows.get(name) ?? []),
    '',
    ...otherPictures,
    ...pictures,
  ].join('\n');
}

function rowOf({ title, name, measured: found, floor, runs, goals }: Report['figures'][number], day: string): string {
  const verdicts = goals
    .map(
      (goal) =>
        `${isMet(goal) ? '✔' : '✖'} ${goal.what} ${number(goal.value)} ${goal.unit} (${goal.bound} ${goal.limit})`,
    )
    .join('<br>');
  return `| ${title} \`${name}\` | ${found} | ${floor} | ${verdicts || '–'} | ${runs} | ${day} |`;
}
