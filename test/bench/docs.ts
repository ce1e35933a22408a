import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawCurve } from './draw';
import { isMet, number } from './figure';
import type { Report } from './main.bench';

const FILE = join('docs', 'performance.md');
const PICTURES = join('docs', 'performance');
const BEGIN = '<!-- measured: written by `npm run bench -- --docs` -->';
const END = '<!-- /measured -->';

/** The tables and pictures of docs/performance.md; the words around them stay. */
export function writeDocs(report: Report): void {
  mkdirSync(PICTURES, { recursive: true });
  const curves = report.figures.flatMap(({ curves: found = [] }) => found);
  for (const curve of curves) writeFileSync(join(PICTURES, curve.file), drawCurve(curve));
  const rows = report.figures.map(({ title, name, measured, floor, runs, goals }) => {
    const verdicts = goals.map((goal) => `${isMet(goal) ? '✔' : '✖'} ${goal.what} ${number(goal.value)} ${goal.unit} (${goal.bound} ${goal.limit})`).join('<br>');
    return `| ${title} \`${name}\` | ${measured} | ${floor} | ${verdicts || '–'} | ${runs} |`;
  });
  const table = ['| figure | measured | floor, same run | goals | runs |', '|---|---|---|---|---|', ...rows].join('\n');
  const pictures = curves.map(({ file, title }) => `![${title}](performance/${file})`).join('\n');
  const measured = `${BEGIN}\nMeasured ${report.at.slice(0, 10)} on ${report.machine}.\n\n${table}\n\n${pictures}\n${END}`;
  const text = readFileSync(FILE, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${FILE} has lost its marks ${BEGIN} … ${END}`);
  writeFileSync(FILE, text.slice(0, from) + measured + text.slice(to + END.length));
}
