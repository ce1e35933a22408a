#!/usr/bin/env node
/**
 * The scripted agent with hooks that start no process: it makes the prompt check by the functions of `taco hook`. Two
 * starts of Node for each message cost far more than everything else together; this agent shows the other costs.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { Terminal } from '../../media/scripted-terminal.mjs';
import type { HookData, HookReport } from '../../src/core/agents/hookData';
import { verifyPrompt } from '../../src/orchestrator/agents/verifyPrompt';
import { parseEndpoint } from '../../src/redis/client/endpoint';
import { Keys } from '../../src/redis/client/keys';
import { LightClient } from '../../src/redis/client/lightClient';
import { publishHook } from '../../src/redis/queue/hookReports';

process.title = 'scripted-agent';
const { env } = process;
const keys = new Keys(env['TACO_PROJECT_ID'] ?? '');
const window = Number(env['TACO_WINDOW']);
/** As the scripted agent's: a line for each prompt that would have reached a model. */
const received = env['TACO_SCRIPTED_RECEIVED'];
const sessionId = process.argv[process.argv.indexOf('--session-id') + 1] ?? '';

async function run(): Promise<void> {
  const client = await LightClient.connect(parseEndpoint(env['TACO_REDIS'] ?? ''), {
    connectTimeoutMs: 5000,
    commandTimeoutMs: 5000,
  });
  const said = (event: string, data: HookData): HookReport => ({
    id: randomUUID(),
    event,
    data: { sessionId, ...data },
    profile: 'scripted',
    at: Date.now(),
  });
  let work = Promise.resolve();

  async function turn(prompt: string): Promise<void> {
    terminal.print('', `❯ ${prompt}`);
    const seen = await verifyPrompt(client, keys, window, said('UserPromptSubmit', { prompt }), true);
    await publishHook(client, keys, window, seen);
    if (seen.data.blockedId === undefined && received)
      appendFileSync(received, `${JSON.stringify({ window, prompt })}\n`);
    if (seen.data.blockedId !== undefined) return terminal.print('  ⎿  Blocked by a hook');
    terminal.print('', '⏺ Noted');
    await publishHook(client, keys, window, said('Stop', { lastMessage: 'Noted' }));
  }

  const terminal = new Terminal(process.stdin, process.stdout, {
    submit: (text: string) => void (work = work.then(() => turn(text))),
    interrupt: () => undefined,
    exit: () => process.exit(0),
  });
  await publishHook(client, keys, window, said('SessionStart', {}));
  terminal.start();
}

for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
void run();
