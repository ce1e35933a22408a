/**
 * docs/conformance.md: one section for each CLI between two marks, so that a run of one CLI does not change the others.
 */
import { ALL_CLIS } from './clis/all';

/** A CLI's row in the table at the top. */
interface Summary {
  readonly cli: string;
  readonly title: string;
  /** `version: good of all` */
  readonly versions: readonly {
    readonly version: string;
    readonly cases: number;
    readonly good: number;
    readonly exact: number;
    readonly answered: number;
    readonly falseReports: number;
  }[];
  /** ISO date. */
  readonly date: string;
}

export interface Section {
  readonly summary: Summary;
  readonly markdown: string;
}

const MARK = /<!-- of (\S+): (.*) -->\n([\s\S]*?)<!-- end of \1 -->\n/g;

/** Returns the document with this section in place of the previous one. */
export function withSection(document: string, added: Section): string {
  const sections = new Map<string, Section>();
  for (const [, name = '', summary = '{}', markdown = ''] of document.matchAll(MARK))
    sections.set(name, { summary: JSON.parse(summary) as Summary, markdown });
  sections.set(added.summary.cli, added);
  const order = [...new Set([...ALL_CLIS.map(({ name }) => name), ...sections.keys()])].flatMap(
    (name) => sections.get(name) ?? [],
  );
  return [
    INTRODUCTION,
    '| agent CLI | version | cases | as promised in every respect | exact | prompts answered | false reports | run of |',
    '|---|---|---:|---:|---:|---:|---:|---|',
    ...order.flatMap(({ summary }) =>
      summary.versions.map(
        ({ version, cases, good, exact, answered, falseReports }) =>
          `| ${summary.title} | ${version} | ${cases} | ${good} (${percent(good, cases)}) | ${exact} (${percent(exact, cases)}) | ${answered} | ${falseReports} | ${summary.date} |`,
      ),
    ),
    '',
    ...order.map(
      ({ summary, markdown }) =>
        `<!-- of ${summary.cli}: ${JSON.stringify(summary)} -->\n${markdown.trimEnd()}\n\n<!-- end of ${summary.cli} -->\n`,
    ),
  ].join('\n');
}

/** Rounds down, so that 100 % means all of them. */
function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.floor((part / whole) * 1000) / 10} %`;
}

const INTRODUCTION = `# Conformance: what arrives

Made by \`npm run conformance\` (\`-- --cli NAME\` plays one CLI and replaces its section); do not edit. Real agent CLIs run against a stand-in for their model, and
judged is what that model is given: exactly the message, once, by the written rule ([same-text.md](same-text.md)). \`ours\` is TACO as it is shipped: queue, gate, three
steps, proof, and the door where the CLI has one. \`bare\`, shown for Claude Code, is the three steps of the original architecture as they are written there:
\`tmux send-keys -t TARGET TEXT\`, 0.2 s, \`tmux send-keys -t TARGET Enter\`. Both get the same texts at the same moments; a person’s part (drafts, answers, copy mode,
terminals) is played by separate tmux clients. Hooks of the judge’s own, beside TACO’s, see each prompt.

- **exact** / **altered** / **merged** (with a draft or another message) / **doubled** / **lost**; of a case with several messages the worst counts.
- **answered**: a dialog that was open was answered by what the sender typed. **false report**: the sender said that it had worked (ours: \`received\`; the three steps:
  both commands ended with 0), and the model does not have the text exactly once.
- **the scene broke**: what the sender had typed left the agent in a state in which the person’s part could not go on. The counts of \`bare\` differ from run to run: much of what it does is a race.
- Where a case holds a message, it also checks the reason that is shown, that nothing is typed meanwhile, and that the message leaves by itself once the reason ends.
`;
