import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findConversation } from '../../../../src/orchestrator/launch/findConversation';
import { claudeProfile } from '../../../../src/profiles/claude/profile';
import { codexProfile } from '../../../../src/profiles/codex/profile';

const ID = '8d2c3a1e-0000-4000-8000-000000000001';
const SILENT = { profile: 'claude', sessionId: ID, begun: false, hooks: 'silent' } as const;
const HEARD = { ...SILENT, hooks: 'heard' } as const;
const line = (entry: object): string => `${JSON.stringify({ sessionId: ID, ...entry })}\n`;
/** A prompt that waits in the queue of Claude Code 2.1.332, and notes of the CLI: no prompt has begun. */
const START =
  line({ type: 'mode', mode: 'normal' }) +
  line({ type: 'user', isMeta: true, message: { role: 'user', content: '<local-command-caveat>' } }) +
  line({ type: 'queue-operation', operation: 'enqueue', content: 'Your task', timestamp: '2026-11-30T19:46:01Z' });
const PROMPT = line({ type: 'user', message: { role: 'user', content: 'Your task: wait' } });

describe('the conversation of an agent that is launched again', () => {
  let dir: string;
  let now: string;
  let before: string;
  const write = (folder: string, text: string): void => {
    mkdirSync(join(folder, '-srv-shop'), { recursive: true });
    writeFileSync(join(folder, '-srv-shop', `${ID}.jsonl`), text);
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'taco-conversation-'));
    [now, before] = [join(dir, 'now'), join(dir, 'before')];
    mkdirSync(join(now, '-srv-shop'), { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('is continued after silent hooks when its file holds a prompt', async () => {
    write(now, START + PROMPT);
    assert.equal(await findConversation(claudeProfile, SILENT, { now, before: undefined }), 'resumable');
  });

  it('is not continued after silent hooks when its file holds no prompt, or half of one', async () => {
    write(now, START);
    assert.equal(await findConversation(claudeProfile, SILENT, { now, before: undefined }), 'none');
    write(now, START + PROMPT.slice(0, 40));
    assert.equal(await findConversation(claudeProfile, SILENT, { now, before: undefined }), 'none');
  });

  it('is not continued after silent hooks without a file, or with a CLI whose files TACO cannot read', async () => {
    assert.equal(await findConversation(claudeProfile, SILENT, { now, before: undefined }), 'none');
    assert.equal(await findConversation(claudeProfile, SILENT, { now: join(dir, 'absent'), before }), 'none');
    assert.equal(
      await findConversation(codexProfile, { ...SILENT, profile: 'codex' }, { now: undefined, before: undefined }),
      'none',
    );
  });

  it('is not continued when heard hooks reported no prompt, whatever its file holds', async () => {
    write(now, START + PROMPT);
    for (const hooks of ['heard', ''] as const)
      assert.equal(await findConversation(claudeProfile, { ...HEARD, hooks }, { now, before: undefined }), 'none');
  });

  it('is continued when hooks reported a prompt, unless its file is gone', async () => {
    const begun = { ...HEARD, begun: true };
    assert.equal(await findConversation(claudeProfile, begun, { now, before: undefined }), 'gone');
    assert.equal(await findConversation(claudeProfile, begun, { now: join(dir, 'absent'), before }), 'resumable');
    write(now, START + PROMPT);
    assert.equal(await findConversation(claudeProfile, begun, { now, before: undefined }), 'resumable');
  });

  it('is copied from the account before, also after silent hooks', async () => {
    for (const earlier of [{ ...HEARD, begun: true }, SILENT]) {
      write(before, START + PROMPT);
      assert.equal(await findConversation(claudeProfile, earlier, { now, before }), 'resumable');
      assert.equal(readFileSync(join(now, '-srv-shop', `${ID}.jsonl`), 'utf8'), START + PROMPT);
      rmSync(join(now, '-srv-shop', `${ID}.jsonl`));
    }
    write(before, START);
    assert.equal(await findConversation(claudeProfile, SILENT, { now, before }), 'none');
  });

  it('is not continued by another CLI, or without an id', async () => {
    write(now, START + PROMPT);
    const begun = { ...HEARD, begun: true };
    assert.equal(await findConversation(codexProfile, begun, { now, before }), 'none');
    assert.equal(await findConversation(claudeProfile, { ...begun, sessionId: '' }, { now, before }), 'none');
  });
});
