import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Conversations } from '../../../../src/orchestrator/conversations/conversations';
import { Receipts } from '../../../../src/orchestrator/delivery/receipts';
import { TypedTexts } from '../../../../src/orchestrator/delivery/typedTexts';
import { claudeProfile } from '../../../../src/profiles/claude/profile';
import { EpochFence } from '../../../../src/redis/leadership/fence';
import { publishHook } from '../../../../src/redis/queue/hookReports';
import { RedisInflightStore } from '../../../../src/redis/queue/inFlightStore';
import { useTestQueue } from '../../../support/redisQueue';

const WINDOW = 2;
const FIRST = { id: 'cmd_first1', text: '[USER → AGENT-2]: change the port' };
const STOP = { id: 'cmd_stop01', text: '[USER → AGENT-2]: stop' };
const STARTED = Date.parse('2026-12-01T01:00:00Z');

describe('a text that an agent’s CLI queues', () => {
  const queue = useTestQueue();
  let dir: string;
  let receipts: Receipts;
  let conversations: Conversations;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'taco-queued-'));
    lead();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** Begins as the first leader does, or as the next one, which has nothing but Redis and the files. */
  function lead(): void {
    const fence = new EpochFence(queue.redis, queue.keys, () => queue.lease.epoch);
    const inflight = new RedisInflightStore(queue.redis, queue.keys, fence);
    conversations = new Conversations({ profileOf: () => claudeProfile }, () => join(dir, 'conversations.json'));
    receipts = new Receipts(new TypedTexts(inflight, () => join(dir, 'typed.json')), conversations);
  }

  const transcript = (name = 'first'): string => join(dir, `${name}.jsonl`);
  const at = (seconds: number): string => new Date(STARTED + 1000 * seconds).toISOString();
  /** Writes a line as Claude Code does. */
  function write(entry: object, name?: string): void {
    appendFileSync(transcript(name), `${JSON.stringify(entry)}\n`);
  }
  const queued = (content: string, seconds: number): object => ({
    type: 'queue-operation',
    operation: 'enqueue',
    content,
    timestamp: at(seconds),
  });
  const steered = (prompt: string, seconds: number): object => ({
    type: 'attachment',
    attachment: { type: 'queued_command', prompt },
    timestamp: at(seconds),
  });
  /** The agent's CLI reports its conversation, before any message. */
  async function hook(name?: string): Promise<void> {
    conversations.onHook(WINDOW, { transcript: transcript(name) });
    await conversations.stored();
  }
  /** Types a text; the CLI queues it and reports it to its prompt hook. */
  async function type({ id, text }: typeof FIRST, seconds: number): Promise<void> {
    await receipts.set(WINDOW, id, 'typing', text, STARTED + 1000 * seconds);
    await receipts.set(WINDOW, id, 'entered', text, STARTED + 1000 * seconds);
    write(queued(text, seconds + 1));
    const data = { commandId: id, transcript: transcript() };
    await publishHook(queue.redis, queue.keys, WINDOW, {
      id: `hook-${id}`,
      profile: 'claude',
      event: 'UserPromptSubmit',
      data,
      at: 1,
    });
  }
  const receipt = ({ id, text }: typeof FIRST) => receipts.receipt(WINDOW, id, text, claudeProfile);
  const conversation = ({ id, text }: typeof FIRST) => receipts.conversation(WINDOW, id, text);

  it('is received under the next leader, with the call before which the model read it', async () => {
    await hook();
    await type(FIRST, 10);
    assert.equal(await receipt(FIRST), 'heard');
    lead();
    assert.equal(await receipt(FIRST), 'heard');
    write(steered(FIRST.text, 20));
    assert.equal(await receipt(FIRST), 'received');
    assert.deepEqual(await receipts.reading(WINDOW, FIRST.id, FIRST.text), { turn: 0, began: false, calls: 0 });
  });

  it('is followed by the next leader beside the interrupt that replaced it in the in-flight record', async () => {
    await hook();
    await type(FIRST, 10);
    await type(STOP, 12);
    lead();
    assert.equal(await receipt(FIRST), 'heard');
    assert.equal(await receipt(STOP), 'heard');
    write(steered(FIRST.text, 20));
    assert.equal(await receipt(FIRST), 'received');
    assert.equal(await receipt(STOP), 'heard');
  });

  it('is known as unread under the next leader when its process ends, also without a hook since the change', async () => {
    await hook();
    await type(FIRST, 10);
    await type(STOP, 12);
    lead();
    assert.equal(await conversation(FIRST), 'queued');
  });

  it('is followed by the next leader across a clear of the conversation', async () => {
    await hook();
    await type(FIRST, 10);
    await hook('second');
    write({ type: 'user', message: { content: 'another' }, timestamp: at(15) }, 'second');
    lead();
    assert.equal(await conversation(FIRST), 'queued');
    write({ type: 'user', message: { content: FIRST.text }, timestamp: at(20) }, 'second');
    assert.equal(await receipt(FIRST), 'received');
  });

  it('is typed again by the next leader, and an earlier reading of the same text does not count', async () => {
    await hook();
    write({ type: 'user', message: { content: FIRST.text }, timestamp: at(5) });
    await type(FIRST, 10);
    lead();
    assert.equal(await receipt(FIRST), 'heard');
    await receipts.clear(WINDOW, FIRST.id);
    write(steered(FIRST.text, 11));
    await type(FIRST, 30);
    assert.equal(await receipt(FIRST), 'heard');
  });

  it('keeps an agent steerable under the next leader before the agent’s next hook', async () => {
    await hook();
    write(queued('any', 1));
    assert.equal(await conversations.isReadable(WINDOW), true);
    lead();
    assert.equal(await conversations.isReadable(WINDOW), true);
  });

  it('is not looked for in paths of a damaged file', async () => {
    appendFileSync(join(dir, 'conversations.json'), '[7, "relative.jsonl", {');
    assert.equal(await conversations.isReadable(WINDOW), false);
    await hook();
    write(queued('any', 1));
    lead();
    assert.equal(await conversations.isReadable(WINDOW), true);
  });
});
