/** `npm run conformance [-- --claude VERSION] [--json FILE] [--case NAME] [--sender ours|bare|both]` */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MARK, endMarked } from '../bed/processes';
import { ensureTools, tools } from '../bed/tools';
import { CLAUDE_VERSIONS } from '../support/claude';
import { ALL_CASES } from './allCases';
import { report } from './report';
import { runVersion } from './runner';
import { spawned } from './spawned';
import { isGood, type CaseResult, type SenderKind } from './types';

/** Made by conformance.mjs: nothing that is built meanwhile changes it. */
const TACO = resolve('out/conformance/taco.js');
const LANES = 3;

/** Resolves with the exit code: 1 when ours was not as promised. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { claude: { type: 'string' }, json: { type: 'string' }, case: { type: 'string' }, sender: { type: 'string', default: 'both' }, lanes: { type: 'string', default: String(LANES) } },
  });
  const versions = CLAUDE_VERSIONS.filter((version) => values.claude === undefined || version === values.claude);
  const senders: SenderKind[] = values.sender === 'ours' ? ['ours'] : values.sender === 'bare' ? ['bare'] : ['ours', 'bare'];
  const wanted = values.case?.toLowerCase();
  const cases = ALL_CASES.filter(({ name, group }) => wanted === undefined || group === wanted || name.toLowerCase().includes(wanted));
  if (versions.length === 0 || cases.length === 0) throw new Error('No such version or case.');
  await ensureTools([tools.tmux, tools.redis]);

  const began = Date.now();
  const results: CaseResult[] = [];
  const cleanUp = scratchOf();
  try {
    for (const version of versions) results.push(...(await runVersion({ version, taco: TACO, cases, senders, lanes: Number(values.lanes), onResult: say })));
  } finally {
    cleanUp();
  }
  console.log(`${results.length} results in ${Math.round((Date.now() - began) / 1000)} s`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ at: new Date(began).toISOString(), results }, null, 1)}\n`);
  // Only a whole run is what the document claims to show.
  if (values.case === undefined && senders.length === 2 && versions.length === CLAUDE_VERSIONS.length) {
    const tmux = (await spawned('tmux', ['-V'], { PATH: process.env['PATH'] ?? '' })).trim();
    const facts = { date: new Date(began).toISOString().slice(0, 10), seconds: (Date.now() - began) / 1000, cores: cpus().length, tmux };
    writeFileSync('docs/conformance.md', report(results, facts));
  }
  const ours = results.filter(({ sender }) => sender === 'ours');
  return ours.every(isGood) ? 0 : 1;
}

/** Everything of the run lies below one folder, by which what it leaves running is found, also when it is ended by a signal. */
function scratchOf(): () => void {
  // Short: unix sockets below it may have 107 bytes of path.
  const scratch = mkdtempSync(join(tmpdir(), 'taco-c-'));
  const mark = `${process.pid}-conformance`;
  process.env['TMPDIR'] = scratch;
  process.env[MARK] = mark;
  const cleanUp = (): void => {
    // What is being killed may still write a last file.
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
  console.log(`${result.version} ${result.sender} ${isGood(result) ? '✔' : '✖'} ${result.name}: ${result.outcome} (${ms} ms; ${result.seconds} s)${notes.length ? ` ${notes.join('; ')}` : ''}`);
  if (result.sender !== 'ours' || isGood(result)) return;
  for (const { outcome, claimed, text, got } of result.messages) console.log(`    ${outcome}, ${claimed}: ${JSON.stringify(text.slice(0, 150))} got ${JSON.stringify(got?.slice(0, 150))}`);
}
