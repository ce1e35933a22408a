#!/usr/bin/env node
/**
 * The scripted agent with hooks that cost no process: it answers the door itself, by the functions that `taco hook` runs. Two starts
 * of Node a message are far more than everything else together; with this agent it can be seen what everything else costs.
 */
import { decideAtDoor } from '../../src/core/messages/door';
import { Keys } from '../../src/core/keys';
import type { HookData } from '../../src/core/ports';
import { isSameText } from '../../src/core/text';
import { parseEndpoint } from '../../src/redis/client/endpoint';
import { publishHook, readInflight } from '../../src/redis/hooks';
import { LightClient } from '../../src/redis/client/lightClient';
import { Terminal } from '../../media/scripted-terminal.mjs';

process.title = 'scripted-agent';
const { env } = process;
const keys = new Keys(env['TACO_PROJECT_ID'] ?? '');
const window = Number(env['TACO_WINDOW']);
const sessionId = process.argv[process.argv.indexOf('--session-id') + 1] ?? '';

async function run(): Promise<void> {
  const client = await LightClient.connect(parseEndpoint(env['TACO_REDIS'] ?? ''), { connectTimeoutMs: 5000, commandTimeoutMs: 5000 });
  const hook = (event: string, data: HookData): Promise<boolean> => publishHook(client, keys, window, event, { sessionId, ...data });
  let work = Promise.resolve();

  async function turn(prompt: string): Promise<void> {
    terminal.print('', `❯ ${prompt}`);
    const decision = decideAtDoor(await readInflight(client, keys, window), prompt, isSameText);
    if (decision.kind === 'block') {
      await hook('UserPromptSubmit', { prompt, blockedId: decision.id });
      terminal.print('  ⎿  Blocked by a hook');
      return;
    }
    await hook('UserPromptSubmit', decision.kind === 'receipt' ? { prompt, commandId: decision.id } : { prompt });
    terminal.print('', '⏺ Noted');
    await hook('Stop', { lastMessage: 'Noted' });
  }

  const terminal = new Terminal(process.stdin, process.stdout, {
    submit: (text: string) => void (work = work.then(() => turn(text))),
    interrupt: () => undefined,
    exit: () => process.exit(0),
  });
  await hook('SessionStart', {});
  terminal.start();
}

for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
void run();
