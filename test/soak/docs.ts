import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawCurve } from '../bench/draw';
import { BOUNDS, MEASURED, type Sample } from './growth';
import type { Report } from './main.soak';

const FILE = join('docs', 'performance.md');
const PICTURE = join('docs', 'performance', 'soak.svg');
const BEGIN = '<!-- soak: written by `npm run soak -- --docs` -->';
const END = '<!-- /soak -->';
/** Parts of the whole at which the table and the picture show a number; a thousand messages beside them. */
const SHARES = [0.1, 0.25, 0.5, 0.75, 1];

/** The table and the curves of docs/performance.md; the words around them stay. */
export function writeDocs(report: Report): void {
  mkdirSync(join('docs', 'performance'), { recursive: true });
  const shown = shownOf(report.samples);
  writeFileSync(
    PICTURE,
    drawCurve({
      file: 'soak.svg',
      title: 'What grows with messages',
      x: 'messages',
      y: 'MB',
      series: MEASURED.map((what) => ({
        name: what,
        points: shown.map((sample) => [sample.messages, sample[what]] as const),
      })),
    }),
  );
  const text = readFileSync(FILE, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${FILE} has lost its marks ${BEGIN} … ${END}`);
  writeFileSync(
    FILE,
    `${text.slice(0, from)}${BEGIN}\n${tableOf(report, shown)}\n${END}${text.slice(to + END.length)}`,
  );
}

function shownOf(samples: readonly Sample[]): readonly Sample[] {
  const total = samples.at(-1)?.messages ?? 0;
  const wanted = [1000, ...SHARES.map((share) => share * total)].filter((messages) => messages <= total);
  const found = wanted.flatMap((messages) => samples.find((sample) => sample.messages >= messages) ?? []);
  return [...new Set(found)].sort((a, b) => a.messages - b.messages);
}

function tableOf({ at, machine, agents, samples, problems }: Report, shown: readonly Sample[]): string {
  const last = samples.at(-1);
  const minutes = Math.round((last?.seconds ?? 0) / 60);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `${at.slice(0, 10)}, on ${machine}: ${last?.messages ?? 0} messages to ${agents} scripted agents in ${minutes} minutes, ${problems.length === 0 ? 'each received once and in order' : problems.join('; ')}.`,
    '',
    row(['MB after … messages', ...shown.map(({ messages }) => messages.toLocaleString('en-US')), 'largest']),
    row(Array.from({ length: shown.length + 2 }, () => '---')),
    ...MEASURED.map((what) =>
      row([
        BOUNDS[what].title,
        ...shown.map((sample) => sample[what].toFixed(1)),
        Math.max(...samples.map((sample) => sample[what])).toFixed(1),
      ]),
    ),
    '',
    '![What grows with messages](performance/soak.svg)',
  ].join('\n');
}
