#!/usr/bin/env node
/**
 * A scripted agent: behaves in a terminal as an agent CLI does, for machines without a logged-in one and for tests. There is no model behind it,
 * and it says so. It takes Claude Code's flags and speaks its hook protocol.
 *
 * Environment, for tests: TACO_SCRIPTED_RECEIVED (file: one JSON line for every prompt that a model would have got, and for every dialog that
 * keys from outside answered), TACO_SCRIPTED_SEED and TACO_SCRIPTED_CHAOS=1 (dialogs, a person's drafts and busy times at random),
 * TACO_SCRIPTED_PLANS (file: JSON list of Mother's replies, one an attempt), TACO_SCRIPTED_ASK=1 (asks before it runs commands),
 * TACO_SCRIPTED_QUIET=1 (runs no commands), TACO_SCRIPTED_BUSY (milliseconds of work per prompt; 400).
 */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ScriptedTerminal } from './scripted-terminal.mjs';

process.title = 'scripted-agent';
const { env } = process;
const { values } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { settings: { type: 'string' }, 'session-id': { type: 'string' }, resume: { type: 'string' }, 'append-system-prompt': { type: 'string' }, 'permission-mode': { type: 'string' }, model: { type: 'string' } },
});
const system = String(values['append-system-prompt'] ?? '');
const sessionId = String(values['session-id'] ?? values.resume ?? '');
const hooks = values.settings ? (JSON.parse(readFileSync(String(values.settings), 'utf8')).hooks ?? {}) : {};
const isMother = system.includes('You are Mother');
const name = isMother ? 'mother' : (/You are (\S+) \(AGENT-/.exec(system)?.[1] ?? 'agent');
const busyMs = Number(env['TACO_SCRIPTED_BUSY'] ?? 400);
const terminal = new ScriptedTerminal(process.stdin, process.stdout);
const prompts = [];
let working = false;
let planAttempts = 0;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function record(entry) {
  if (env['TACO_SCRIPTED_RECEIVED']) appendFileSync(env['TACO_SCRIPTED_RECEIVED'], `${JSON.stringify({ at: Date.now(), agent: name, ...entry })}\n`);
}

/** Runs a command with its input and gives what it printed; a command that fails is no failure of ours. */
function run(command, args, input = '') {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(output));
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** Claude Code's hook protocol: each command gets one JSON object; true when one of them refuses the prompt. */
async function hook(event, fields = {}) {
  const input = JSON.stringify({ session_id: sessionId, cwd: process.cwd(), hook_event_name: event, ...fields });
  const commands = (hooks[event] ?? []).flatMap((group) => group.hooks ?? []).map((each) => each.command);
  // A hook's command line is for a shell, by that protocol; it comes from our own settings file.
  const answers = await Promise.all(commands.map((command) => run('/bin/sh', ['-c', command], input)));
  return answers.some((answer) => {
    try {
      return JSON.parse(answer).decision === 'block';
    } catch {
      return false;
    }
  });
}

async function permission(what) {
  terminal.ask({ title: 'Bash command', detail: what });
  const answered = new Promise((resolve) => terminal.once('answer', resolve));
  void hook('PermissionRequest', { tool_name: 'Bash', tool_input: { command: what } });
  return (await answered) === 'yes';
}

async function taco(...args) {
  terminal.say(`⏺ taco ${args.map((arg) => JSON.stringify(arg)).join(' ')}`);
  if (env['TACO_SCRIPTED_QUIET']) return;
  if (env['TACO_SCRIPTED_ASK'] && !(await permission(`taco ${args.join(' ')}`))) return;
  const printed = await run('taco', args);
  if (printed.trim()) terminal.say(`  ⎿  ${printed.trim().split('\n')[0]}`);
}

/** A small plausible team: the same shape for every goal. */
function planFor(goal) {
  const agents = [
    { window: 2, name: 'designer', role: 'Decides what is to be built and writes it down', task: `Design: ${goal}`, depends_on: [], wait_for: [], notifies: ['builder'] },
    { window: 3, name: 'builder', role: 'Builds what was designed', task: `Build: ${goal}`, depends_on: ['designer'], wait_for: ['designer'], notifies: ['reviewer'] },
    { window: 4, name: 'reviewer', role: 'Reviews and tests what was built', task: `Review: ${goal}`, depends_on: ['builder'], wait_for: ['builder'], notifies: [] },
  ];
  return `AGENT_SPEC_JSON_START\n${JSON.stringify({ agents }, null, 2)}\nAGENT_SPEC_JSON_END`;
}

async function replyAsMother(prompt) {
  if (!/AGENT_SPEC_JSON_START/.test(prompt)) return 'Noted.';
  planAttempts += 1;
  if (env['TACO_SCRIPTED_PLANS']) return JSON.parse(readFileSync(env['TACO_SCRIPTED_PLANS'], 'utf8'))[planAttempts - 1] ?? 'I have no other plan.';
  return planFor(/for this goal: (.*)/.exec(prompt)?.[1] ?? 'the goal');
}

async function replyAsAgent(prompt) {
  if (!/Your task: /.test(prompt)) return 'Noted.';
  const told = /Tell (.+?) what they need/.exec(prompt)?.[1]?.split(', ') ?? [];
  for (const other of told) await taco('send', other, `${name} has finished its part; go on from there.`);
  await taco('done', `${name}: scripted work done`);
  return 'My part is done.';
}

async function work() {
  if (working) return;
  working = true;
  for (let prompt = prompts.shift(); prompt !== undefined; prompt = prompts.shift()) {
    terminal.queued = prompts;
    if (await hook('UserPromptSubmit', { prompt })) {
      terminal.say('⎿ Blocked by a hook');
      continue;
    }
    record({ prompt });
    terminal.say(`❯ ${prompt.replaceAll('\n', '\n  ')}\n`);
    terminal.setBusy(true);
    await pause(busyMs * (chaos ? chaos() * 2 : 1));
    const reply = isMother ? await replyAsMother(prompt) : await replyAsAgent(prompt);
    terminal.say(`⏺ ${reply.replaceAll('\n', '\n  ')}\n`);
    terminal.setBusy(false);
    await hook('Stop', { last_assistant_message: reply });
  }
  working = false;
}

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a person and the agent itself do at any moment: half-typed drafts, dialogs that open and close by themselves. */
async function live(random) {
  for (;;) {
    await pause(200 + random() * 1500);
    if (terminal.draft !== '' || terminal.dialog !== null) continue;
    if (random() < 0.5) {
      terminal.ask({ title: 'Edit file', detail: 'a dialog that opened by itself' });
      const answer = (value) => record({ violation: `a dialog was answered ${value}` });
      terminal.once('answer', answer);
      await pause(200 + random() * 800);
      terminal.off('answer', answer);
      terminal.ask(null);
    } else {
      const draft = 'what a person is typing';
      terminal.setDraft(draft);
      await pause(200 + random() * 800);
      // Keys that came from outside meanwhile stay: the receiver's record shows the glue.
      if (terminal.draft === draft) terminal.setDraft('');
    }
  }
}

const chaos = env['TACO_SCRIPTED_CHAOS'] ? seeded(Number(env['TACO_SCRIPTED_SEED'] ?? 1) + name.length + (name.codePointAt(0) ?? 0)) : null;

terminal.on('submit', (text) => {
  prompts.push(text);
  terminal.queued = working ? prompts : [];
  void work();
});
terminal.on('interrupt', () => terminal.say('⎿ Interrupted'));
for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT']) process.on(signal, () => void hook('SessionEnd', { reason: 'other' }).then(() => process.exit(0)));

terminal.say(`scripted agent ${name}: a program, no model${values.resume ? ' (resumed)' : ''}\n`);
await hook('SessionStart', { source: values.resume ? 'resume' : 'startup' });
if (chaos) void live(chaos);
