#!/usr/bin/env node
/**
 * The scripted agent: a terminal program that behaves as an agent CLI does (composer, busy time, dialogs, hooks,
 * `taco send`). It serves machines without a logged-in Claude Code and tests under load. It contains no model, and
 * states so.
 *
 *   scripted-agent.mjs [--settings FILE] [--session-id UUID | --resume UUID] [--append-system-prompt TEXT]
 *
 * Environment, all optional:
 *   TACO_SCRIPTED_RECEIVED=FILE  appends a line `{at, agent, prompt}` for each prompt that would have reached a model,
 *                                and `{at, agent, violation}` when keys answered a dialog that was not for them
 *   TACO_SCRIPTED_WORK_MS=N      busy time of a turn, milliseconds (400)
 *   TACO_SCRIPTED_WORK_FILE=FILE  a turn lasts until this file exists
 *   TACO_SCRIPTED_START_MS=N     time until the composer appears, milliseconds (150)
 *   TACO_SCRIPTED_PLANS=FILE     JSON list of Mother's replies, one for each attempt
 *   TACO_SCRIPTED_ASK=1          asks for permission before each command
 *   TACO_SCRIPTED_QUIET=1        never runs `taco`
 *   TACO_SCRIPTED_TRANSCRIPTS=DIR  writes a transcript there, with TACO_SCRIPTED_TOKENS=N (1000) tokens for each turn
 *   TACO_SCRIPTED_LIMIT=FILE     refuses each turn before `until` in this JSON file `{until, error, message}` (ms), as a
 *                                model does whose limit is reached
 *   TACO_SCRIPTED_CHAOS=P        0 to 1: how often dialogs open, a user's drafts come and go, turns take longer
 *   TACO_SCRIPTED_SEED=N         makes the chaos repeatable
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Mind, oneLine, randomFrom } from './scripted-mind.mjs';
import { Terminal } from './scripted-terminal.mjs';

// tmux reports this name for the process in the pane.
process.title = 'scripted-agent';

const { env } = process;
const { values: options } = parseArgs({
  strict: false,
  options: {
    settings: { type: 'string' },
    'session-id': { type: 'string' },
    resume: { type: 'string' },
    'append-system-prompt': { type: 'string' },
  },
});
const sessionId = options.resume ?? options['session-id'] ?? 'scripted';
const chaos = Number(env.TACO_SCRIPTED_CHAOS ?? 0);
const mind = new Mind({
  system: options['append-system-prompt'] ?? '',
  quiet: env.TACO_SCRIPTED_QUIET === '1',
  asks: env.TACO_SCRIPTED_ASK === '1',
  workMs: Number(env.TACO_SCRIPTED_WORK_MS ?? 400),
  plans: env.TACO_SCRIPTED_PLANS ? JSON.parse(readFileSync(env.TACO_SCRIPTED_PLANS, 'utf8')) : null,
});
const random = randomFrom(`${env.TACO_SCRIPTED_SEED ?? process.pid} ${mind.name}`);
const hooks = options.settings ? (JSON.parse(readFileSync(options.settings, 'utf8')).hooks ?? {}) : {};

const waiting = [];
let working = false;
let stopWork = null;
const terminal = new Terminal(process.stdin, process.stdout, {
  submit,
  interrupt: () => stopWork?.(),
  exit: () => void leave('prompt_input_exit'),
});

const transcript = env.TACO_SCRIPTED_TRANSCRIPTS ? join(env.TACO_SCRIPTED_TRANSCRIPTS, `${sessionId}.jsonl`) : '';
let turns = 0;

/** Writes the usage of a turn in one line, as Claude Code does. */
function writeUsage() {
  if (!transcript) return;
  const usage = {
    input_tokens: Number(env.TACO_SCRIPTED_TOKENS ?? 1000),
    output_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  appendFileSync(
    transcript,
    `${JSON.stringify({ type: 'assistant', message: { id: `${sessionId}-${(turns += 1)}`, model: 'claude-opus-4-8', usage } })}\n`,
  );
}

/** Returns the limit that refuses a turn now; null when there is none. */
function limitNow() {
  if (!env.TACO_SCRIPTED_LIMIT || !existsSync(env.TACO_SCRIPTED_LIMIT)) return null;
  const limit = JSON.parse(readFileSync(env.TACO_SCRIPTED_LIMIT, 'utf8'));
  if (limit.error === 'invalid_request' && compacted) return null; // the conversation was too long
  return Date.now() < limit.until ? limit : null;
}

let compacted = false;

/** Shortens the conversation; like a real CLI it may fail, and then says so without a hook. */
async function compact() {
  if (env.TACO_SCRIPTED_COMPACT === 'fails') return terminal.print('  ⎿  Error: the conversation cannot be shortened');
  compacted = true;
  terminal.print('  ⎿  Compacted');
  await hook('SessionStart', { source: 'compact' });
}

function record(line) {
  if (env.TACO_SCRIPTED_RECEIVED)
    appendFileSync(env.TACO_SCRIPTED_RECEIVED, `${JSON.stringify({ at: Date.now(), agent: mind.name, ...line })}\n`);
}

/** Runs the hooks of an event by Claude Code's protocol: one JSON object in, one or nothing out. */
async function hook(event, fields = {}) {
  const input = JSON.stringify({
    session_id: sessionId,
    transcript_path: transcript,
    cwd: process.cwd(),
    hook_event_name: event,
    ...fields,
  });
  const all = (hooks[event] ?? []).flatMap((group) => group.hooks ?? []);
  // The protocol gives a shell command line; it comes from the settings file that TACO wrote.
  const outputs = await Promise.all(
    all.map(({ command, timeout = 60 }) => run('/bin/sh', ['-c', command], input, timeout * 1000)),
  );
  return outputs.flatMap(({ out }) => {
    try {
      return [JSON.parse(out)];
    } catch {
      return []; // A hook that prints nothing, or no JSON, makes no decision.
    }
  });
}

function run(file, args, input = '', timeout = 60_000) {
  return new Promise((resolve) => {
    let out = '';
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (data) => (out += data));
    child.on('error', (error) => resolve({ code: 127, out: error.message }));
    child.on('close', (code) => resolve({ code, out }));
    child.stdin.on('error', () => undefined).end(input);
  });
}

function submit(text) {
  if (text === '/exit') return void leave('prompt_input_exit');
  if (text === '/compact') return void compact();
  waiting.push(text);
  if (working) terminal.queued = [...waiting];
  else void work();
}

async function work() {
  working = true;
  for (let prompt = waiting.shift(); prompt !== undefined; prompt = waiting.shift()) {
    terminal.queued = [...waiting];
    terminal.setBusy('Working');
    await turn(prompt);
  }
  working = false;
  terminal.setBusy('');
}

async function turn(prompt) {
  terminal.print('', `❯ ${prompt}`);
  const blocked = (await hook('UserPromptSubmit', { prompt })).find((answer) => answer.decision === 'block');
  if (blocked) {
    terminal.print(`  ⎿  Blocked by a hook: ${oneLine(String(blocked.reason ?? ''), 200)}`);
    // Some versions of Claude Code put the text back into the composer, some do not.
    if (chaos > 0 && random() < 0.5 && terminal.text === '') terminal.setText(prompt);
    return;
  }
  const limit = limitNow();
  record({ prompt, ...(limit ? { refused: true } : {}) });
  if (limit) {
    const { error = 'rate_limit', message } = limit;
    terminal.print(`  ⎿  ${message}`);
    await hook('StopFailure', { error, last_assistant_message: message });
    return;
  }
  writeUsage();
  let said = '';
  for (const step of mind.stepsFor(prompt)) {
    if (step.work !== undefined && !(await busyFor(step.work * (chaos > 0 ? 0.2 + 1.6 * random() : 1)))) {
      terminal.print('  ⎿  Interrupted');
      break;
    }
    if (step.say !== undefined) {
      said = step.say;
      terminal.print('', `⏺ ${said.replaceAll('\n', '\n  ')}`);
    }
    if (step.ask !== undefined && !(await permission(step.ask))) break;
    if (step.run !== undefined) await command(step.run);
    if (random() < chaos * 0.3) await intrusion();
  }
  await hook('Stop', { last_assistant_message: said, stop_hook_active: false });
}

/** Waits; returns false when interrupted. */
async function busyFor(ms) {
  const interrupted = new Promise((resolve) => (stopWork = () => resolve(false)));
  const result = await Promise.race([workDone(ms), interrupted]);
  stopWork = null;
  return result;
}

/** Resolves with true when the work of a turn is over. */
async function workDone(ms) {
  await sleep(ms);
  const file = env.TACO_SCRIPTED_WORK_FILE;
  while (file && !existsSync(file)) await sleep(20);
  return true;
}

async function command(argv) {
  terminal.print('', `⏺ Bash(${oneLine(argv.join(' '), 100)})`);
  const { code, out } = await run(argv[0], argv.slice(1));
  terminal.print(`  ⎿  ${oneLine(out, 160) || (code === 0 ? 'done' : `exit code ${code}`)}`);
}

/** Opens a permission request, which a key of the user or a hook answers. */
async function permission(what) {
  const dialog = terminal.ask('Bash command', `Do you want to run ${oneLine(what, 60)}?`, ['Yes', 'No']);
  void hook('PermissionRequest', { tool_name: 'Bash', tool_input: { command: what } }).then((answers) => {
    const behavior = answers.map((answer) => answer.hookSpecificOutput?.decision?.behavior).find(Boolean);
    if (behavior) dialog.close(behavior === 'allow' ? 0 : 1);
  });
  const allowed = (await dialog.answer) === 0;
  terminal.print(`  ⎿  ${allowed ? 'Allowed' : 'Not allowed'}: ${oneLine(what, 100)}`);
  return allowed;
}

/** Opens a dialog that no key of TACO is meant for. It closes by itself, as if the user had answered it. */
async function intrusion() {
  const dialog = terminal.ask('A dialog', 'Do you want to proceed?', ['Yes', 'No']);
  const timer = setTimeout(() => dialog.close(1), 100 + 600 * random());
  await dialog.answer;
  clearTimeout(timer);
  if (dialog.byKey()) record({ violation: 'keys answered a dialog' });
}

/** Adds chaos between turns: dialogs, and a user who starts to type and deletes it again. */
async function disturb() {
  for (;;) {
    await sleep(50 + 200 * random());
    if (random() >= chaos || terminal.dialog || terminal.text !== '' || Date.now() - terminal.lastKeyAt < 100) continue;
    if (random() < 0.5) await intrusion();
    else await draft();
  }
}

async function draft() {
  const words = 'a draft that a person is typing';
  for (let length = 1; length <= words.length; length += 3) {
    if (terminal.dialog || terminal.text !== words.slice(0, Math.max(0, length - 3))) break;
    terminal.setText(words.slice(0, length));
    await sleep(20);
  }
  await sleep(100 + 500 * random());
  // Keep text that another program added: it proves that a message was merged into a draft.
  if (words.startsWith(terminal.text)) terminal.setText('');
}

let left = false;
async function leave(reason) {
  if (left) return;
  left = true;
  await hook('SessionEnd', { reason });
  terminal.stop();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void leave('other'));
await sleep(Number(env.TACO_SCRIPTED_START_MS ?? 150));
terminal.print(`✻ scripted agent ${mind.name}, no model`, `  ${process.cwd()}${options.resume ? ' · resumed' : ''}`);
await hook('SessionStart', { source: options.resume ? 'resume' : 'startup' });
terminal.start();
if (chaos > 0) void disturb();
