/**
 * docs/conformance.md: one section for each CLI between two marks, so that a run of one CLI does not change the others.
 */
import { ALL_CLIS } from './clis/all';
import { byVersion } from './versions';

/** A CLI's rows in the table at the top. */
interface Summary {
  readonly cli: string;
  readonly title: string;
  /** Every version that ran all cases, oldest first. */
  readonly versions: readonly VersionSummary[];
}

export interface VersionSummary {
  /** `2.1.332`, or `2.1.332, features off`. */
  readonly version: string;
  /** ISO date of its last run. */
  readonly date: string;
  /** Version of tmux. */
  readonly tmux: string;
  readonly cases: number;
  readonly good: number;
  readonly exact: number;
  readonly answered: number;
  readonly falseReports: number;
  /** One line of Markdown for each case that was not as promised. */
  readonly deviations: readonly string[];
}

export interface Section {
  readonly summary: Summary;
  readonly markdown: string;
}

const MARK = /<!-- of (\S+): (.*) -->\n([\s\S]*?)<!-- end of \1 -->\n/g;

/**
 * Returns the document with the results of a run. They replace those of the same versions; the results of other
 * versions stay. @param detailed the run's tables replace the CLI's previous ones
 */
export function withSection(document: string, added: Section, detailed: boolean): string {
  const sections = new Map<string, Section>();
  for (const [, name = '', summary = '{}', markdown = ''] of document.matchAll(MARK))
    sections.set(name, { summary: JSON.parse(summary) as Summary, markdown });
  const previous = sections.get(added.summary.cli);
  sections.set(added.summary.cli, {
    markdown: detailed || !previous ? added.markdown : previous.markdown,
    summary: { ...added.summary, versions: merged(previous?.summary.versions ?? [], added.summary.versions) },
  });
  const order = [...new Set([...ALL_CLIS.map(({ name }) => name), ...sections.keys()])].flatMap(
    (name) => sections.get(name) ?? [],
  );
  return [
    INTRODUCTION,
    '| agent CLI | version | cases | as promised in every respect | exact | prompts answered | false reports | run of |',
    '|---|---|---:|---:|---:|---:|---:|---|',
    ...order.flatMap(({ summary }) =>
      summary.versions.map(
        ({ version, date, cases, good, exact, answered, falseReports }) =>
          `| ${summary.title} | ${version} | ${cases} | ${good} (${percent(good, cases)}) | ${exact} (${percent(exact, cases)}) | ${answered} | ${falseReports} | ${date} |`,
      ),
    ),
    '',
    '## Deviations of all versions',
    '',
    ...deviationsOf(order),
    '',
    ...order.map(
      ({ summary, markdown }) =>
        `<!-- of ${summary.cli}: ${JSON.stringify(summary)} -->\n${markdown.trimEnd()}\n\n<!-- end of ${summary.cli} -->\n`,
    ),
  ].join('\n');
}

function merged(before: readonly VersionSummary[], added: readonly VersionSummary[]): readonly VersionSummary[] {
  const others = before.filter(({ version }) => !added.some((each) => each.version === version));
  return [...others, ...added].sort((a, b) => byVersion(a.version, b.version));
}

function deviationsOf(sections: readonly Section[]): readonly string[] {
  const lines = sections.flatMap(({ summary: { title, versions } }) =>
    versions.flatMap(({ version, deviations }) => deviations.map((each) => `- ${title} ${version}, ${each}`)),
  );
  return lines.length > 0 ? lines : ['None.'];
}

/** Rounds down, so that 100 % means all of them. */
function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.floor((part / whole) * 1000) / 10} %`;
}

const INTRODUCTION = `# Conformance of agent CLIs

\`npm run conformance\` makes this page; do not edit it. \`-- --cli NAME\` runs one CLI, \`--version latest\` the newest version of npm, \`--random N --seed S\` N releases of the last
90 days, and \`--features off\` a CLI without its optional network features. Each version keeps its last whole run. Each run sends messages to a real agent CLI with a stand-in for its
model and checks the text that the model gets: exactly the message, once, by the rule of [text equality](text-equality.md). \`ours\` is TACO as shipped: queue, hold reasons, the three
steps, delivery proof, and the prompt check where the CLI has one. \`bare\`, measured for Claude Code, is the three steps alone: \`tmux send-keys -t TARGET TEXT\`, 0.2 s,
\`tmux send-keys -t TARGET Enter\`. Both get the same texts at the same moments. Separate tmux clients play the user (drafts, answers, copy mode, terminals). Hooks of the
suite, beside those of TACO, record each prompt.

- **exact** / **altered** / **merged** (with a draft or another message) / **duplicated** / **lost**: the result of a case; of several messages the worst counts.
- **answered**: the typed text answered an open dialog. **false report**: the sender reported success (ours: \`received\`; bare: both commands ended with 0), and the model does not
  have the text exactly once.
- **the scene broke**: the typed text left the agent in a state in which the user’s part could not continue. The counts of \`bare\` differ from run to run, because many of its results
  depend on timing.
- A case that holds a message also checks the reason, that nothing is typed during the hold, and that TACO delivers the message once the reason ends.
`;
