/** `npm run conformance`; `-- --help` lists its options. */
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suiteOptions } from '../harness/cli/suiteOptions';
import { MARK, endMarked } from '../harness/processes';
import { ensureTools, tools } from '../harness/systemPackages';
import { NEWEST_CLAUDE } from '../support/clis/claude';
import { spawned } from './childProcess';
import { ALL_CLIS } from './clis/all';
import type { CliUnderTest } from './clis/cli';
import { withSection } from './document';
import { section } from './report';
import { runVersion } from './runner';
import { runSettings, settingsSection, type SettingsRun } from './settings/settings';
import { BESIDE, playStart } from './starts';
import { isGood, type CaseResult } from './types';
import { datesOf, newestOf, randomVersions } from './versions';

/** Made by conformance.mjs: no other build changes it. */
const TACO = resolve('out/conformance/taco.js');
const DOCUMENT = 'docs/conformance.md';
const LANES = 3;

const OPTIONS = {
  cli: { type: 'string', value: 'NAME', help: 'only this agent CLI' },
  version: { type: 'string', value: 'VERSION', help: 'its version, or `latest`' },
  claude: { type: 'string', value: 'VERSION', help: 'the same as --cli claude --version VERSION' },
  random: { type: 'string', value: 'N', help: 'N releases of the last 90 days' },
  seed: { type: 'string', value: 'N', help: 'the seed of --random and --settings' },
  features: { type: 'string', value: 'on|off', default: 'on', help: 'the optional network features of the CLI' },
  case: { type: 'string', value: 'TEXT', help: 'only cases of this group, or with this in their names' },
  sender: { type: 'string', value: 'ours|bare|both', default: 'both', help: 'TACO, or the three steps alone' },
  lanes: { type: 'string', value: 'N', default: String(LANES), help: 'cases at once' },
  json: { type: 'string', value: 'FILE', help: 'writes the results' },
  starts: { type: 'string', value: 'N,N…', help: 'starts teams of N agents at once, in place of the cases' },
  rounds: { type: 'string', value: 'N', default: '10', help: 'starts of each size' },
  beside: { type: 'string', value: 'LIST', default: 'nothing', help: 'load of the starts: nothing,load,team' },
  settings: { type: 'string', value: 'N', help: 'plays N combinations of users’ settings, in place of the cases' },
  from: { type: 'string', value: 'N', default: '1', help: 'the first combination' },
} as const;

/** Resolves with the exit code: 1 when TACO did not keep its promises. */
export async function main(args: readonly string[]): Promise<number> {
  const values = suiteOptions('conformance', OPTIONS, args);
  if (values.settings !== undefined)
    return settings({
      version: NEWEST_CLAUDE,
      count: Number(values.settings),
      seed: Number(values.seed ?? Date.now() % 1_000_000),
      from: Number(values.from),
      lanes: Number(values.lanes),
      taco: TACO,
    });
  const wanted = values.case?.toLowerCase();
  const name = values.claude === undefined ? values.cli : 'claude';
  const wantedVersion = values.claude ?? values.version;
  if (values.starts !== undefined)
    return starts(name ?? 'claude', wantedVersion ?? NEWEST_CLAUDE, values.starts, values.rounds, values.beside);
  const features = values.features !== 'off';
  const wantedVersions = { named: wantedVersion, random: values.random, seed: values.seed };
  const clis = ALL_CLIS.filter((cli) => name === undefined || cli.name === name);
  const runs = (await Promise.all(clis.map(async (cli) => ({ cli, versions: await versionsOf(cli, wantedVersions) }))))
    .map(({ cli, versions }) => ({
      cli,
      versions: features || cli.hasFeatureSwitch ? versions : [],
      senders: cli.senders.filter((sender) => values.sender === 'both' || sender === values.sender),
      cases: cli.cases.filter(
        ({ name, group }) => wanted === undefined || group === wanted || name.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ versions, senders, cases }) => versions.length > 0 && senders.length > 0 && cases.length > 0);
  if (runs.length === 0)
    throw new Error(
      `No such CLI, sender or case. CLIs: ${ALL_CLIS.map(({ name, versions }) => `${name} ${versions.join(', ')}`).join('; ')}.`,
    );
  await ensureTools([tools.tmux, tools.redis]);

  const at = new Date().toISOString();
  const results: CaseResult[] = [];
  const cleanUp = scratchOf();
  try {
    for (const { cli, versions, senders, cases } of runs) {
      const began = Date.now();
      const ofCli: CaseResult[] = [];
      for (const version of versions)
        ofCli.push(
          ...(await runVersion({
            cli,
            version,
            features,
            taco: TACO,
            cases,
            senders,
            lanes: Number(values.lanes),
            onResult: say,
          })),
        );
      results.push(...ofCli);
      const seconds = (Date.now() - began) / 1000;
      console.log(`${cli.title}: ${ofCli.length} results in ${Math.round(seconds)} s`);
      // The document must show only whole runs.
      if (cases.length !== cli.cases.length || !senders.includes('ours')) continue;
      const tmux = (await spawned('tmux', ['-V'], { PATH: process.env['PATH'] ?? '' })).trim();
      writeFileSync(
        DOCUMENT,
        withSection(
          readFileSync(DOCUMENT, 'utf8'),
          section(cli, ofCli, { date: at.slice(0, 10), seconds, cores: cpus().length, tmux }),
          features &&
            senders.length === cli.senders.length &&
            cli.versions.every((version) => versions.includes(version)),
        ),
      );
    }
  } finally {
    cleanUp();
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ at, results }, null, 1)}\n`);
  const ours = results.filter(({ sender }) => sender === 'ours');
  return ours.every(isGood) ? 0 : 1;
}

/**
 * Returns the versions to play: those of the suite, the named one, or random releases of the last 90 days, whose seed
 * is printed.
 */
async function versionsOf(
  cli: CliUnderTest,
  { named, random, seed }: Readonly<Record<'named' | 'random' | 'seed', string | undefined>>,
): Promise<readonly string[]> {
  if (random !== undefined) {
    const used = seed === undefined ? randomInt(2 ** 31) : Number(seed);
    const versions = randomVersions(await datesOf(cli.npmPackage), Number(random), used, Date.now());
    console.log(`${cli.title}: ${versions.join(', ')} (--seed ${used})`);
    return versions;
  }
  if (named === undefined) return cli.versions;
  return [named === 'latest' ? await newestOf(cli.npmPackage) : named];
}

/**
 * Starts teams of these sizes, each `rounds` times; returns 1 when one agent did not get its first message exactly once
 * and unchanged.
 */
async function starts(name: string, version: string, sizes: string, rounds: string, beside: string): Promise<number> {
  const cli = ALL_CLIS.find((each) => each.name === name);
  const scenes = BESIDE.filter((each) => beside.split(',').includes(each));
  if (!cli || scenes.length === 0) throw new Error(`No such CLI, or nothing of ${BESIDE.join(', ')} beside it.`);
  await ensureTools([tools.tmux, tools.redis]);
  const cleanUp = scratchOf();
  let good = true;
  try {
    for (const scene of scenes)
      for (const agents of sizes.split(',').map(Number))
        for (let round = 1; round <= Number(rounds); round++) {
          const result = await playStart(cli, version, TACO, agents, scene);
          const isWhole = result.received === agents && result.wrong === 0;
          good &&= isWhole;
          console.log(
            `${cli.name} ${version} ${isWhole ? '✔' : '✖'} ${agents} at once beside ${scene}, start ${round}: ${result.received} of ${agents}, ${result.wrong} wrong; ` +
              `${result.seconds.toFixed(1)} s; after the first key was shown held for at most ${result.heldAfterKeys.toFixed(1)} s, received after ${result.afterKeys.toFixed(1)} s`,
          );
          for (const problem of result.problems) console.log(problem);
        }
  } finally {
    cleanUp();
  }
  return good ? 0 : 1;
}

/** Plays combinations of users' settings; returns 1 when one was not as promised. Documents a run from the first one. */
async function settings(run: SettingsRun): Promise<number> {
  await ensureTools([tools.tmux, tools.redis]);
  const cleanUp = scratchOf();
  try {
    const results = await runSettings(run);
    const facts = {
      date: new Date().toISOString().slice(0, 10),
      tmux: (await spawned('tmux', ['-V'], { PATH: process.env['PATH'] ?? '' })).trim(),
    };
    if (run.from === 1) {
      const section = settingsSection(run, results, facts);
      writeFileSync(DOCUMENT, withSection(readFileSync(DOCUMENT, 'utf8'), section, true));
    }
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
  } finally {
    cleanUp();
  }
}

/** Creates one folder for everything of the run. The folder identifies processes left running, also after a signal. */
function scratchOf(): () => void {
  // Short: the paths of unix sockets below it are limited to 107 bytes.
  const scratch = mkdtempSync(join(tmpdir(), 'taco-c-'));
  const mark = `${process.pid}-conformance`;
  process.env['TMPDIR'] = scratch;
  process.env[MARK] = mark;
  const cleanUp = (): void => {
    // A process that is being killed may still write a last file.
    for (let tries = 0; tries < 10 && existsSync(scratch); tries++) {
      endMarked(mark, scratch);
      try {
        rmSync(scratch, { recursive: true, force: true });
      } catch {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      }
    }
  };
  const ended = (): never => process.exit(1);
  process.once('exit', cleanUp).once('SIGINT', ended).once('SIGTERM', ended);
  return () => {
    process.off('exit', cleanUp).off('SIGINT', ended).off('SIGTERM', ended);
    cleanUp();
  };
}

function say(result: CaseResult): void {
  const ms = result.messages.map((message) => message.ms ?? '–').join(', ');
  const notes = [
    ...(result.dialogsAnswered ? [`${result.dialogsAnswered} dialogs answered`] : []),
    ...(result.messages.some((message) => message.falseReport) ? ['false report'] : []),
    ...result.problems,
  ];
  console.log(
    `${result.cli} ${result.version} ${result.sender} ${isGood(result) ? '✔' : '✖'} ${result.name}: ${result.outcome} (${ms} ms; ${result.seconds} s)${notes.length ? ` ${notes.join('; ')}` : ''}`,
  );
  if (result.sender !== 'ours' || isGood(result)) return;
  for (const { outcome, claimed, text, got } of result.messages)
    console.log(
      `    ${outcome}, ${claimed}: ${JSON.stringify(text.slice(0, 150))} got ${JSON.stringify(got?.slice(0, 150))}`,
    );
}
