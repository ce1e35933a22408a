/** `npm run soak`: many messages, and whether anything still grows; `-- --help` lists its options. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { suiteOptions } from '../harness/cli/suiteOptions';
import { ensureTools, tools } from '../harness/systemPackages';
import { writeDocs } from './docs';
import { judge, problemsOf, type Sample, type Verdict } from './growth';
import { SoakTeam } from './soakTeam';

/** How often everything is measured. */
const SAMPLES = 60;
/** Measured at least after so many messages. */
const LARGEST_STEP = 250;

export interface Report {
  readonly at: string;
  readonly machine: string;
  readonly agents: number;
  readonly samples: readonly Sample[];
  readonly verdicts: readonly Verdict[];
  /** Messages lost, received twice or out of order; empty: none. */
  readonly problems: readonly string[];
}

const OPTIONS = {
  messages: { type: 'string', value: 'N', default: '30000', help: 'messages, 100 or more' },
  minutes: { type: 'string', value: 'M', default: '180', help: 'time limit; the run ends with what was sent by then' },
  agents: { type: 'string', value: 'N', default: '5', help: 'agents that receive them' },
  json: { type: 'string', value: 'FILE', help: 'writes the report' },
  docs: { type: 'boolean', default: false, help: 'writes the curves into docs/performance.md' },
  from: { type: 'string', value: 'FILE', help: 'writes the documents from an earlier report' },
} as const;

/** Resolves with the exit code: 1 when something still grows, or a message was lost, received twice or out of order. */
export async function main(args: readonly string[]): Promise<number> {
  const values = suiteOptions('soak', OPTIONS, args);
  if (values.from !== undefined) {
    writeDocs(JSON.parse(readFileSync(values.from, 'utf8')) as Report);
    return 0;
  }
  await ensureTools([tools.tmux, tools.redis]);
  const [messages, agents] = [Number(values.messages), Number(values.agents)];
  if (!(messages >= 100 && agents >= 1)) throw new Error('Give at least 100 messages and 1 agent.');
  const report = await soak(messages, agents, Number(values.minutes));
  for (const { ok, text } of report.verdicts) console.log(`${ok ? '✔' : '✖'} ${text}`);
  const { problems } = report;
  console.log(
    problems.length === 0
      ? `✔ ${report.samples.at(-1)?.messages ?? 0} messages to ${agents} agents, each received once and in order`
      : problems.map((problem) => `✖ ${problem}`).join('\n'),
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.docs) writeDocs(report);
  return report.verdicts.every(({ ok }) => ok) && problems.length === 0 ? 0 : 1;
}

/** @param minutes after which it ends with what was sent by then: a busy machine carries less */
async function soak(messages: number, agents: number, minutes: number): Promise<Report> {
  const team = new SoakTeam(agents);
  const samples: Sample[] = [];
  try {
    await team.start();
    const step = Math.min(LARGEST_STEP, Math.max(1, Math.ceil(messages / SAMPLES)));
    const deadline = Date.now() + minutes * 60_000;
    for (let until = step; until < messages + step && Date.now() < deadline; until += step) {
      await team.carry(Math.min(until, messages));
      const sample = await team.sample();
      samples.push(sample);
      console.log(
        `${sample.messages} messages, ${sample.seconds} s: leader ${sample.leader.toFixed(0)} MB, monitor ${sample.monitor.toFixed(0)}, window ${sample.window.toFixed(0)} (objects ${sample.windowHeap.toFixed(0)}), Redis ${sample.redis.toFixed(1)}, log ${sample.log.toFixed(1)}, append-only file ${sample.aof.toFixed(1)}`,
      );
    }
    const problems = [...team.sent].flatMap(([window, sent]) =>
      problemsOf(`agent${window}`, team.receivedBy(window), sent),
    );
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, Node ${process.versions.node}`;
    return { at: new Date().toISOString(), machine, agents, samples, verdicts: judge(samples), problems };
  } finally {
    await team.dispose();
  }
}
