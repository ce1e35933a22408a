/** A CLI's section of docs/conformance.md, made from the results of a run. */
import type { CliUnderTest } from './clis/cli';
import type { Section } from './document';
import { isGood, OUTCOMES, type CaseResult, type MessageResult, type SenderKind } from './types';

const SENDERS: readonly SenderKind[] = ['ours', 'bare'];
const GROUPS: Readonly<Record<string, string>> = {
  text: 'Texts sent to an idle agent',
  start: 'Agent start',
  moment: 'Timing cases',
  race: 'Races: a dialog opens while a message is in flight (six rounds each)',
  load: 'Full machine load (four busy loops)',
  steer: 'Messages to a working agent',
};

export interface ReportFacts {
  /** ISO date. */
  readonly date: string;
  readonly seconds: number;
  readonly cores: number;
  readonly tmux: string;
}

/** Returns the section of one CLI. */
export function section(cli: CliUnderTest, results: readonly CaseResult[], facts: ReportFacts): Section {
  const versions = [...new Set(results.map(({ version }) => version))];
  const markdown = [
    `## ${cli.title}`,
    '',
    `Run of ${facts.date}: ${results.length} results in ${Math.round(facts.seconds / 60)} min, ${facts.cores} cores, ${facts.tmux}.`,
    '',
    '### Totals',
    '',
    ...totals(results, versions),
    '',
    ...Object.entries(GROUPS).flatMap(([group, title]) =>
      tableOf(
        title,
        results.filter((result) => result.group === group),
        versions,
      ),
    ),
    ...notes(results, cli.knownMisses ?? {}),
  ].join('\n');
  const ours = results.filter(({ sender }) => sender === 'ours');
  return {
    markdown,
    summary: {
      cli: cli.name,
      title: cli.title,
      versions: versions.map((version) => {
        const all = ours.filter((result) => result.version === version);
        return {
          version,
          date: facts.date,
          tmux: facts.tmux.replace(/^tmux /, ''),
          cases: all.length,
          good: all.filter(isGood).length,
          exact: all.filter(({ outcome }) => outcome === 'exact').length,
          answered: all.reduce((sum, { dialogsAnswered }) => sum + dialogsAnswered, 0),
          falseReports: all.flatMap(({ messages }) => messages).filter(({ falseReport }) => falseReport).length,
          deviations: all.filter((result) => !isGood(result)).map((result) => deviation(result, cli.knownMisses ?? {})),
        };
      }),
    },
  };
}

function totals(results: readonly CaseResult[], versions: readonly string[]): string[] {
  const columns = versions
    .flatMap((version) =>
      SENDERS.map((sender) => ({
        version,
        sender,
        all: results.filter((result) => result.version === version && result.sender === sender),
      })),
    )
    .filter(({ all }) => all.length > 0);
  const row = (title: string, value: (all: readonly CaseResult[]) => string | number): string =>
    `| ${title} | ${columns.map(({ all }) => value(all)).join(' | ')} |`;
  const messages = (all: readonly CaseResult[]): readonly MessageResult[] => all.flatMap((result) => result.messages);
  return [
    `| | ${columns.map(({ version, sender }) => `${version} ${sender}`).join(' | ')} |`,
    `|---|${columns.map(() => '---:').join('|')}|`,
    row('cases', (all) => all.length),
    row('**as promised in every respect**', (all) => `**${all.filter(isGood).length}**`),
    ...[...OUTCOMES]
      .reverse()
      .map((outcome) => row(outcome, (all) => all.filter((result) => result.outcome === outcome).length)),
    row('messages', (all) => messages(all).length),
    row('… of them exact to the letter', (all) => messages(all).filter(({ literal }) => literal).length),
    row('dialogs answered', (all) => all.reduce((sum, { dialogsAnswered }) => sum + dialogsAnswered, 0)),
    row('false reports', (all) => messages(all).filter(({ falseReport }) => falseReport).length),
    row('anything else not as promised', (all) => all.reduce((sum, { problems }) => sum + problems.length, 0)),
    row('call to hook, short texts, p50', (all) => `${median(shortTexts(all))} ms`),
    row('call to hook, short texts, p95', (all) => `${percentile(shortTexts(all), 0.95)} ms`),
  ];
}

/** Returns the milliseconds of single-piece texts to an idle agent. */
function shortTexts(all: readonly CaseResult[]): readonly number[] {
  return all
    .filter(({ group }) => group === 'text')
    .flatMap(({ messages }) => messages)
    .filter(({ text, outcome }) => text.length <= 200 && outcome === 'exact')
    .flatMap(({ ms }) => ms ?? [])
    .sort((a, b) => a - b);
}

function percentile(sorted: readonly number[], part: number): number | string {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? '–';
}

const median = (sorted: readonly number[]): number | string => percentile(sorted, 0.5);

function tableOf(title: string, results: readonly CaseResult[], versions: readonly string[]): string[] {
  if (results.length === 0) return [];
  const names = [...new Set(results.map(({ name }) => name))];
  const columns = versions
    .flatMap((version) => SENDERS.map((sender) => ({ version, sender })))
    .filter(({ sender }) => results.some((result) => result.sender === sender));
  const cell = (name: string, { version, sender }: (typeof columns)[number]): string => {
    const found = results.find(
      (result) => result.name === name && result.version === version && result.sender === sender,
    );
    return found ? describe(found) : '–';
  };
  return [
    `### ${title}`,
    '',
    `| case | ${columns.map(({ version, sender }) => `${version} ${sender}`).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...names.map((name) => `| ${escape(name)} | ${columns.map((column) => cell(name, column)).join(' | ')} |`),
    '',
  ];
}

function describe(result: CaseResult): string {
  const counts = OUTCOMES.map(
    (outcome) => [outcome, result.messages.filter((message) => message.outcome === outcome).length] as const,
  ).filter(([, count]) => count > 0);
  const what = counts.length > 1 ? counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ') : result.outcome;
  const lies = result.messages.filter((message) => message.falseReport).length;
  const extras = [
    ...(result.dialogsAnswered > 0 ? [`${result.dialogsAnswered} answered`] : []),
    ...(lies > 0 ? [lies > 1 ? `${lies} false reports` : 'false report'] : []),
    ...result.problems.map((problem) =>
      escape(problem.startsWith('the scene broke') ? 'the scene broke' : (problem.split('\n')[0] ?? '')),
    ),
  ];
  const time =
    result.messages.length === 1 && result.messages[0]?.ms != null && result.outcome === 'exact'
      ? ` ${result.messages[0].ms} ms`
      : '';
  return `${isGood(result) ? '✔' : '✖'} ${what}${time}${extras.length > 0 ? `; ${extras.join('; ')}` : ''}`;
}

function notes(results: readonly CaseResult[], known: Readonly<Record<string, string>>): string[] {
  const ours = results.filter(({ sender }) => sender === 'ours');
  const bad = ours.filter((result) => !isGood(result));
  const letter = [
    ...new Set(
      ours
        .filter(({ outcome, messages }) => outcome === 'exact' && messages.some(({ literal }) => !literal))
        .map(({ name }) => name),
    ),
  ];
  return [
    '### Deviations and their causes',
    '',
    ...(bad.length === 0
      ? ['Of ours: nothing.']
      : bad.map((result) => `- ${result.version}, ${deviation(result, known)}`)),
    '',
    ...(letter.length === 0
      ? []
      : [
          `Exact by the written rule and not to the letter (control bytes, tabs, blanks at the end, characters without a shape, a guard before a leading sign): ${letter.map(escape).join('; ')}.`,
          '',
        ]),
  ];
}

/** Returns a case that did not keep its promises, and the cause if it is known. */
function deviation(result: CaseResult, known: Readonly<Record<string, string>>): string {
  const claimed = result.messages.map((message) => message.claimed).join(', ');
  return `${escape(result.name)}: ${describe(result)}; ${escape(claimed)}${known[result.name] ? `. ${known[result.name]}` : ''}`;
}

function escape(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\/tmp\/\S+/g, '…');
}
