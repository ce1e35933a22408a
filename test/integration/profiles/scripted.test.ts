import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ScreenReading } from '../../../src/core/agents/agentProfile';
import { scriptedProfile } from '../../../src/profiles/scripted';
import { parseScreen } from '../../support/parseScreen';
import { waitUntil } from '../../support/waitUntil';

const AGENT_PROMPT =
  'You are builder (AGENT-2), one of a team.\nWhen your task is complete, run `taco done "…"`; TACO then tells tester, writer and Mother.';

/** The scripted agent in a real tmux, with a hook and a `taco` that record their input. */
class Stage {
  readonly dir = mkdtempSync(join(tmpdir(), 'taco-scripted-'));
  private readonly socket = join(this.dir, 'tmux.sock');
  private readonly hookFile = join(this.dir, 'hook.sh');

  constructor() {
    this.script(
      this.hookFile,
      `printf '%s ' "$1" >> '${this.dir}/hooks'; cat >> '${this.dir}/hooks'; echo >> '${this.dir}/hooks'; cat '${this.dir}/answer' 2>/dev/null; true`,
    );
    this.script(join(this.dir, 'taco'), `echo "$*" >> '${this.dir}/taco.log'`);
  }

  private script(path: string, body: string): void {
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }

  tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.socket, '-f', '/dev/null', ...args], { encoding: 'utf8', stdio: 'pipe' });
  }

  async start(systemPrompt: string, env: Record<string, string> = {}, size = { columns: 90, rows: 30 }): Promise<void> {
    const launch = scriptedProfile.launch({
      window: 2,
      name: 'builder',
      command: process.execPath,
      workspace: this.dir,
      sessionId: 'session-1',
      resume: false,
      systemPrompt,
      stateDir: this.dir,
      hookCommand: [this.hookFile],
    });
    for (const file of launch.files) writeFileSync(file.path, file.contents);
    const variables = {
      PATH: `${this.dir}:${process.env['PATH'] ?? ''}`,
      LANG: 'C.UTF-8',
      TACO_SCRIPTED_RECEIVED: join(this.dir, 'received'),
      TACO_SCRIPTED_WORK_MS: '300',
      ...env,
    };
    this.tmux(
      'new-session',
      '-d',
      '-s',
      's',
      '-x',
      String(size.columns),
      '-y',
      String(size.rows),
      'env',
      ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      ...launch.argv,
    );
    await this.until('the composer', () => this.read().kind === 'ready');
  }

  read(): ScreenReading {
    const [width = 0, height = 0, cursorX = 0, cursorY = 0] = this.tmux(
      'display-message',
      '-p',
      '-t',
      's',
      '#{pane_width} #{pane_height} #{cursor_x} #{cursor_y}',
    )
      .trim()
      .split(' ')
      .map(Number);
    const lines = this.tmux('capture-pane', '-p', '-e', '-t', 's').replace(/\n$/, '').split('\n');
    return scriptedProfile.readScreen(parseScreen(lines, { width, height, cursorX, cursorY, cursorVisible: false }));
  }

  text(): string {
    return this.tmux('capture-pane', '-p', '-t', 's');
  }

  type(text: string): void {
    this.tmux('send-keys', '-t', 's', '-l', '--', text);
  }

  key(...keys: string[]): void {
    this.tmux('send-keys', '-t', 's', ...keys);
  }

  async say(text: string): Promise<void> {
    this.type(text);
    await sleep(50);
    this.key('Enter');
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    await waitUntil(condition, 8000, what, { pauseMs: 30, details: () => this.text() });
  }

  lines(file: string): string[] {
    const path = join(this.dir, file);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean) : [];
  }

  received(): string[] {
    return this.lines('received').map((line) => (JSON.parse(line) as { prompt: string }).prompt);
  }

  hooks(event: string): Record<string, unknown>[] {
    return this.lines('hooks')
      .filter((line) => line.startsWith(`${event} `))
      .map((line) => JSON.parse(line.slice(event.length + 1)) as Record<string, unknown>);
  }

  answerHooksWith(answer: unknown): void {
    writeFileSync(join(this.dir, 'answer'), JSON.stringify(answer));
  }

  end(): void {
    try {
      this.tmux('kill-server');
    } catch {
      // It ended by itself.
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

describe('the scripted agent in a real tmux', function () {
  this.timeout(30_000);
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.end());

  it('shows that it is no model, and runs as a process that its profile owns', async () => {
    await stage.start(AGENT_PROMPT);
    assert.match(stage.text(), /scripted agent builder, no model/);
    assert.ok(
      scriptedProfile.ownsProcess(stage.tmux('display-message', '-p', '-t', 's', '#{pane_current_command}').trim()),
    );
    assert.ok(existsSync(resolve('media/scripted-agent.mjs')));
  });

  it('receives exactly the typed text: lines, an escaped backslash, wide and joined characters', async () => {
    await stage.start(AGENT_PROMPT);
    const messages = ['plain', 'two\nlines\n\nand a gap', 'C:\\', '日本語 👨‍👩‍👧 é', `long ${'word '.repeat(100)}end`];
    for (const [index, message] of messages.entries()) {
      stage.type(scriptedProfile.textToType(message));
      await stage.until('the draft', () => stage.read().composer?.empty === false);
      stage.key('Enter');
      await stage.until('the prompt', () => stage.received().length > index);
      await stage.until('rest', () => stage.read().kind === 'ready');
    }
    assert.deepEqual(stage.received(), messages);
  });

  it('reads a backslash and Enter as a newline', async () => {
    await stage.start(AGENT_PROMPT);
    await stage.say('one\\');
    await stage.say('two');
    await stage.until('the prompt', () => stage.received().length === 1);
    assert.deepEqual(stage.received(), ['one\ntwo']);
  });

  it('queues messages while it works, and shows that', async () => {
    await stage.start(AGENT_PROMPT, { TACO_SCRIPTED_WORK_MS: '900' });
    await stage.say('first');
    await stage.until('work', () => stage.read().kind === 'busy');
    await stage.say('second');
    await stage.until('the queue', () => stage.read().queued);
    await stage.until('both', () => stage.received().length === 2);
    assert.deepEqual(stage.received(), ['first', 'second']);
  });

  it('clears its input box with the keys of its profile, two for a row', async () => {
    await stage.start(AGENT_PROMPT);
    stage.type('a\nb\n\nc');
    await stage.until('the draft', () => stage.read().composer?.rows.length === 4);
    for (let row = 0; row < 4; row++) stage.key(...scriptedProfile.typing.clearKeys);
    await stage.until('an empty composer', () => stage.read().composer?.empty === true);
  });

  it('shows only the end of a long draft, and reports that', async () => {
    await stage.start(AGENT_PROMPT, {}, { columns: 60, rows: 20 });
    stage.type(Array.from({ length: 30 }, (_, row) => `row ${row}`).join('\n'));
    await stage.until('the draft', () => stage.read().composer?.rows.at(-1) === 'row 29');
    assert.equal(stage.read().composer?.whole, false);
  });

  it('runs its hooks with the fields of the protocol', async () => {
    await stage.start(AGENT_PROMPT);
    await stage.say('hello');
    await stage.until('the turn', () => stage.hooks('Stop').length === 1);
    stage.key('C-c');
    await sleep(50);
    stage.key('C-c');
    await stage.until('the end', () => stage.hooks('SessionEnd').length === 1);
    assert.equal(stage.hooks('SessionStart')[0]?.['session_id'], 'session-1');
    assert.equal(stage.hooks('UserPromptSubmit')[0]?.['prompt'], 'hello');
    assert.equal(stage.hooks('Stop')[0]?.['last_assistant_message'], 'Noted, from USER: hello');
  });

  it('withholds a prompt that a hook blocks from its model', async () => {
    await stage.start(AGENT_PROMPT);
    stage.answerHooksWith({ decision: 'block', reason: 'damaged' });
    await stage.say('hello');
    await stage.until('the refusal', () => /Blocked by a hook: damaged/.test(stage.text()));
    assert.deepEqual(stage.received(), []);
    assert.equal(stage.hooks('Stop').length, 0);
  });

  it('asks in a dialog that replaces the input box, ignores text and is answered by Enter', async () => {
    await stage.start(AGENT_PROMPT);
    await stage.say('please ask for permission');
    await stage.until('the dialog', () => stage.read().kind === 'dialog');
    assert.equal(stage.read().composer, null);
    stage.type('a text');
    await sleep(100);
    assert.equal(stage.read().kind, 'dialog');
    stage.key('Enter');
    await stage.until('rest', () => stage.read().kind === 'ready');
    assert.match(stage.text(), /Allowed: touch notes\.txt/);
    assert.equal(stage.hooks('PermissionRequest')[0]?.['tool_name'], 'Bash');
    assert.equal(stage.read().composer?.empty, true);
  });

  it('closes its dialog when its hook decides', async () => {
    await stage.start(AGENT_PROMPT);
    stage.answerHooksWith({
      hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'deny' } },
    });
    await stage.say('please ask for permission');
    await stage.until('the answer', () => /Not allowed: touch notes\.txt/.test(stage.text()));
  });

  it('answers a goal as Mother with a plan, and a correction with the next of its replies', async () => {
    const plans = join(stage.dir, 'plans.json');
    writeFileSync(
      plans,
      JSON.stringify(['no plan at all', 'AGENT_SPEC_JSON_START\n{"agents":[]}\nAGENT_SPEC_JSON_END']),
    );
    await stage.start('You are Mother, the coordinator.', { TACO_SCRIPTED_PLANS: plans });
    for (const attempt of [1, 2]) {
      await stage.say(`[TACO → MOTHER]: a plan for this goal: a shop, after AGENT_SPEC_JSON_START`);
      await stage.until('the reply', () => stage.hooks('Stop').length === attempt);
    }
    assert.deepEqual(
      stage.hooks('Stop').map((stop) => stop['last_assistant_message']),
      ['no plan at all', 'AGENT_SPEC_JSON_START\n{"agents":[]}\nAGENT_SPEC_JSON_END'],
    );
  });

  it('notifies the agents of its task and reports done; answers no message of another agent', async () => {
    await stage.start(AGENT_PROMPT);
    await stage.say('[TACO → AGENT-2]: Your task: build the shop. When it is complete, run taco done.');
    await stage.until('the report', () => stage.lines('taco.log').length === 3);
    assert.deepEqual(
      stage.lines('taco.log').map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['send tester', 'send writer', 'done finished:'],
    );
    await stage.until('rest', () => stage.read().kind === 'ready');
    await stage.say('[AGENT-3 → AGENT-2]: thanks');
    await stage.until('the turn', () => stage.hooks('Stop').length === 2);
    assert.equal(stage.lines('taco.log').length, 3);
  });

  it('opens dialogs and drafts under chaos that disappear by themselves', async () => {
    await stage.start(AGENT_PROMPT, { TACO_SCRIPTED_CHAOS: '0.9', TACO_SCRIPTED_SEED: '7' });
    const seen = new Set<string>();
    await stage.until('a dialog and a draft', () => {
      const { kind, composer } = stage.read();
      seen.add(kind === 'dialog' ? 'dialog' : composer?.empty === false ? 'draft' : 'empty');
      return seen.size === 3;
    });
    assert.deepEqual(stage.lines('received'), []);
  });
});
