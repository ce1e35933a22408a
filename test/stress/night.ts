import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Got } from './checkInvariants';
import { StressRun, type StressOptions } from './stressRun';

export interface NightOptions extends StressOptions {
  readonly minutes: number;
  readonly say: (line: string) => void;
}

export interface NightResult {
  readonly minutes: number;
  readonly agents: number;
  readonly seed: number;
  readonly messages: number;
  readonly limits: number;
  readonly leadersKilled: number;
  readonly reboots: number;
  /** Messages that were being typed at the reboot; TACO says that it does not know their fate. */
  readonly uncertain: number;
  /** Input requests that were open at any time: no agent asks for anything, so each is a defect. */
  readonly requests: number;
  /** Messages from TACO to the user. */
  readonly reports: number;
  /** Messages whose agent the reboot ended between the receipt and its own record of the prompt. */
  readonly cutShort: number;
  /** Turns that the model refused while the limit was not known yet: they were in flight. */
  readonly refusedInFlight: number;
  /** Turns whose text was typed while the limit was known, except by the agent that tries: each is a defect. */
  readonly burnt: readonly string[];
  /** Messages that an agent got twice, or never: each is a defect. */
  readonly duplicated: readonly string[];
  readonly lost: readonly string[];
  /** Agents whose refused turn nobody continued: each is a defect. */
  readonly abandoned: readonly string[];
  /** Times from the end of a limit until all agents were free again, seconds. */
  readonly resumedAfter: readonly number[];
}

type Kind = 'usage' | 'overload' | 'network';

/** Stand-ins for the CLIs: scripted agents whose model refuses in the words of each CLI. */
const ACCOUNTS = ['claude', 'codex', 'gemini'] as const;
const USAGE_TEXTS: Readonly<Record<string, (until: number) => string>> = {
  claude: (until) => `Claude AI usage limit reached|${until / 1000}`,
  codex: (until) => `You've hit your usage limit. Try again in ${Math.ceil((until - Date.now()) / 1000)} seconds.`,
  gemini: (until) => `You exceeded your current quota. Please retry in ${Math.ceil((until - Date.now()) / 1000)}s.`,
};
const KINDS: readonly Kind[] = ['usage', 'overload', 'usage', 'network'];

interface Limit {
  readonly account: string;
  readonly from: number;
  until: number;
  /** Time at which TACO had stored that the account is limited. */
  known: number;
  readonly kind: Kind;
}

interface NightLine extends Got {
  readonly refused?: boolean;
}

/** A delivery that began before TACO knew the limit begins to type within this, milliseconds. */
const IN_FLIGHT_MS = 1000;
/** All agents of an account continue within this after the end of a limit, milliseconds. */
const RESUMED_MS = 180_000;

/** Limits at which the leader is killed, and the one at which the machine is rebooted. */
const KILLED_AT: readonly number[] = [0, 2];
const REBOOT_AT = 1;
/** A night has at least so many limits, however short it is. */
const LIMITS = 3;

/**
 * A night in minutes: scripted agents of three accounts under traffic, whose models reach limits at random. Two
 * leaders are killed during limits, and the machine is rebooted between them.
 */
export async function runNight(options: NightOptions): Promise<NightResult> {
  const limits: Limit[] = [];
  const resumedAfter: number[] = [];
  let killed = 0;
  let reboots = 0;
  const fileOf = (dir: string, account: string): string => join(dir, `limit-${account}.json`);
  const run = new StressRun(
    options,
    () => ({}),
    (dir) =>
      Object.fromEntries(
        ACCOUNTS.map((account) => [
          account,
          { TACO_SCRIPTED_ACCOUNT: account, TACO_SCRIPTED_LIMIT: fileOf(dir, account) },
        ]),
      ),
  );
  const requests = new Set<string>();
  const reports = new Set<string>();
  const isFree = async (): Promise<boolean> => {
    const { limits: open, needs, messages } = await run.team.snapshot();
    for (const { id } of needs) requests.add(id);
    for (const { id, sender, target } of messages) if (sender === 'TACO' && target === 'user') reports.add(id);
    return open === undefined;
  };
  try {
    await run.start();
    const end = Date.now() + options.minutes * 60_000;
    for (let n = 0; n < LIMITS || Date.now() < end; n++) {
      run.fire('night');
      await sleep(run.between(3000, 8000));
      const name = run.pick(ACCOUNTS) ?? 'claude';
      const kind = KINDS[n % KINDS.length] ?? 'usage';
      const limit = begin(fileOf(run.bed.dir, name), name, kind, run.between(6000, 20_000));
      limits.push(limit);
      await run.until('the limit is noticed', 60_000, async () => !(await isFree()));
      limit.known = Date.now();
      if (n === REBOOT_AT) {
        options.say('reboot');
        await run.reboot();
        reboots += 1;
        await run.until('the team is back', 240_000, async () => {
          const { session, agents } = await run.team.snapshot();
          return (
            session?.phase === 'running' && agents.every(({ status }) => status !== 'exited' && status !== 'starting')
          );
        });
      } else if (KILLED_AT.includes(n)) {
        const pid = await run.leader();
        if (pid !== null && (await run.leaders.kill(pid))) {
          killed += 1;
          await run.dropLease(pid);
        }
      }
      await sleep(Math.max(0, limit.until - Date.now()));
      await run.until('the team goes on', RESUMED_MS, isFree);
      resumedAfter.push(Math.round((Date.now() - limit.until) / 1000));
      await run.rest();
      options.say(
        `${name}: ${limit.kind} of ${Math.round((limit.until - limit.from) / 1000)} s: over after ${resumedAfter.at(-1)} s`,
      );
    }
    const lines = readLines(join(run.bed.dir, 'received.jsonl'));
    const refused = lines.flatMap(({ prompt, refused: isRefused }) =>
      isRefused && prompt !== undefined ? [prompt] : [],
    );
    const typedAt = await run.typedAt(
      run.prompts.filter((sent) => refused.some((got) => serialOf(got) === serialOf(sent))),
    );
    const judged = judge(
      lines,
      limits,
      run.prompts,
      new Map([...typedAt].map(([prompt, at]) => [serialOf(prompt), at])),
    );
    const { uncertain, cutShort, lost } = await run.missing(judged.lost);
    return {
      minutes: options.minutes,
      agents: options.agents,
      seed: options.seed,
      messages: run.acknowledged,
      limits: limits.length,
      leadersKilled: killed,
      reboots,
      ...judged,
      lost,
      uncertain: uncertain.length,
      cutShort: cutShort.length,
      requests: requests.size,
      reports: reports.size,
      resumedAfter,
    };
  } finally {
    await run.dispose();
  }
}

/** Makes the model refuse turns for a time. */
function begin(file: string, account: string, kind: Kind, ms: number): Limit {
  const until = Math.ceil((Date.now() + ms) / 1000) * 1000;
  const refusal = {
    usage: { error: 'rate_limit', message: USAGE_TEXTS[account]?.(until) ?? '' },
    overload: { error: 'server_error', message: 'API Error: Repeated 529 Overloaded errors' },
    network: { error: 'unknown', message: 'API Error: Unable to connect (ECONNREFUSED)' },
  }[kind];
  writeFileSync(`${file}.new`, JSON.stringify({ until, ...refusal }));
  renameSync(`${file}.new`, file); // an agent never reads half of it
  return { account, from: Date.now(), until, known: Infinity, kind };
}

function readLines(file: string): readonly NightLine[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as NightLine);
}

function judge(
  lines: readonly NightLine[],
  limits: readonly Limit[],
  sent: readonly string[],
  typedAt: ReadonlyMap<string, number>,
): Pick<NightResult, 'refusedInFlight' | 'burnt' | 'duplicated' | 'lost' | 'abandoned'> {
  const refused = lines.filter((line) => line.refused);
  const burnt: string[] = [];
  let refusedInFlight = 0;
  for (const { account, from, until, known, kind } of limits) {
    const own = refused.filter(({ agent, at }) => accountOf(agent) === account && at >= from && at <= until);
    const first = own[0]?.at ?? 0;
    const late = own.filter(({ at, prompt = '' }) => (typedAt.get(serialOf(prompt)) ?? at) > known + IN_FLIGHT_MS);
    refusedInFlight += own.length - late.length;
    // An overload names no end: one agent tries after each wait, which is at least 15 s.
    const tries = kind === 'usage' ? 0 : Math.ceil((until - first) / 15_000);
    burnt.push(...late.slice(tries).map(({ agent, prompt }) => `${agent}: ${prompt}`));
  }
  const counts = new Map<string, number>();
  for (const { prompt = '' } of lines) counts.set(serialOf(prompt), (counts.get(serialOf(prompt)) ?? 0) + 1);
  const abandoned = new Set(
    refused
      .filter(({ agent, at }) => !lines.some((line) => line.agent === agent && line.at > at && !line.refused))
      .map(({ agent }) => String(agent)),
  );
  return {
    refusedInFlight,
    burnt,
    duplicated: sent.filter((prompt) => (counts.get(serialOf(prompt)) ?? 0) > 1),
    lost: sent.filter((prompt) => !counts.has(serialOf(prompt))),
    abandoned: [...abandoned],
  };
}

/** The plan gives the accounts to the agents in turn. */
function accountOf(agent: string | undefined): string | undefined {
  return ACCOUNTS[Number(/\d+$/.exec(agent ?? '')?.[0]) % ACCOUNTS.length];
}

/** A text may lose white space at its end on its way; its number identifies it. */
function serialOf(prompt: string): string {
  return /serial \d+ of the run/.exec(prompt)?.[0] ?? prompt;
}

/** Returns whether every promise was kept. */
export function isQuiet({ burnt, duplicated, lost, abandoned, requests }: NightResult): boolean {
  return burnt.length + duplicated.length + lost.length + abandoned.length + requests === 0;
}
