import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationSign } from '../../../../src/core/agents/conversationSign';
import { ConversationLog } from '../../../../src/orchestrator/conversations/conversationLog';

describe('the log of a conversation', () => {
  let dir: string;
  let path: string;
  let log: ConversationLog;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'taco-log-'));
    path = join(dir, 'conversation.jsonl');
    log = new ConversationLog(path, (line) => JSON.parse(line) as ConversationSign);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const write = (...signs: readonly ConversationSign[]): void =>
    appendFileSync(path, signs.map((sign) => `${JSON.stringify(sign)}\n`).join(''));
  const progress = async (id = 'cmd_a', text = 'stop', since = 100) => {
    assert.equal(await log.update(), true);
    return log.progress(id, since, (got) => got === text);
  };

  it('cannot tell anything without its file', async () => {
    assert.equal(await log.update(), false);
  });

  it('follows a text from the queue to the tool call before which the model read it', async () => {
    write(
      { kind: 'prompt', text: 'go', at: 1 },
      { kind: 'call', does: 'ls' },
      { kind: 'queued', text: 'stop', at: 100 },
    );
    assert.deepEqual(await progress(), { kind: 'queued' });
    write({ kind: 'steered', text: 'stop', at: 100 });
    const reading = { turn: 1, began: false, calls: 1, after: 'ls' };
    assert.deepEqual(await progress(), { kind: 'read', reading });
    write({ kind: 'call', does: 'npm test' }, { kind: 'call', does: 'git push' });
    assert.deepEqual(await progress(), { kind: 'read', reading: { ...reading, before: 'npm test' } });
  });

  it('counts the turns, and the calls of each', async () => {
    write({ kind: 'prompt', text: 'go', at: 1 }, { kind: 'call', does: 'ls' }, { kind: 'answer' });
    write({ kind: 'prompt', text: 'stop', at: 100 });
    assert.deepEqual(await progress(), { kind: 'read', reading: { turn: 2, began: true, calls: 0 } });
  });

  it('ignores the same text from before the typing began', async () => {
    write({ kind: 'prompt', text: 'stop', at: 99 });
    assert.deepEqual(await progress(), { kind: 'absent' });
  });

  it('proves one message with one entry', async () => {
    write({ kind: 'prompt', text: 'stop', at: 100 });
    assert.equal((await progress('cmd_a')).kind, 'read');
    assert.equal((await progress('cmd_b')).kind, 'absent');
    assert.equal((await progress('cmd_a')).kind, 'read');
  });

  it('knows a text that came back into the input box, and one that was queued again', async () => {
    write({ kind: 'queued', text: 'stop', at: 100 }, { kind: 'returned', text: 'stop', at: 101 });
    assert.equal((await progress()).kind, 'returned');
    write({ kind: 'queued', text: 'stop', at: 102 });
    assert.equal((await progress()).kind, 'queued');
  });
});
