import assert from 'node:assert/strict';
import { readClaudeConversation } from '../../../../src/profiles/claude/conversation';

const TEXT = '[USER → AGENT-2]: change the port';
const AT = '2026-11-30T15:12:21.065Z';
const read = (entry: unknown) => readClaudeConversation(JSON.stringify(entry));

describe('a line of Claude Code’s transcript', () => {
  it('shows a prompt that begins a turn', () => {
    const entry = { type: 'user', message: { role: 'user', content: TEXT }, promptSource: 'queued', timestamp: AT };
    assert.deepEqual(read(entry), { kind: 'prompt', text: TEXT, at: Date.parse(AT) });
  });

  it('shows a text that the CLI queues, and one that it puts back into the input box', () => {
    const entry = { type: 'queue-operation', operation: 'enqueue', content: TEXT, timestamp: AT };
    assert.deepEqual(read(entry), { kind: 'queued', text: TEXT, at: Date.parse(AT) });
    assert.equal(read({ ...entry, operation: 'popAll' })?.kind, 'returned');
    assert.equal(read({ ...entry, operation: 'remove' }), null);
  });

  it('shows a text that the model got within a turn', () => {
    const attachment = { type: 'queued_command', prompt: TEXT, commandMode: 'prompt' };
    assert.deepEqual(read({ type: 'attachment', attachment, timestamp: AT }), {
      kind: 'steered',
      text: TEXT,
      at: Date.parse(AT),
    });
  });

  it('shows each tool call and the answer that ends the turn', () => {
    const call = { type: 'tool_use', id: 't', name: 'Bash', input: { command: 'npm test' } };
    const message = { role: 'assistant', stop_reason: 'tool_use', content: [call] };
    assert.deepEqual(read({ type: 'assistant', message }), { kind: 'call', does: 'npm test' });
    assert.deepEqual(
      read({
        type: 'assistant',
        message: { ...message, content: [{ ...call, name: 'Edit', input: { file_path: 'a.ts' } }] },
      }),
      { kind: 'call', does: 'Edit a.ts' },
    );
    const answer = { role: 'assistant', stop_reason: 'end_turn', content: [{ type: 'text', text: 'Done.' }] };
    assert.deepEqual(read({ type: 'assistant', message: answer }), { kind: 'answer' });
  });

  it('shows nothing for results, for the CLI’s own entries and for subagents', () => {
    const result = [{ type: 'tool_result', tool_use_id: 't', content: TEXT }];
    assert.equal(read({ type: 'user', message: { role: 'user', content: result }, timestamp: AT }), null);
    assert.equal(read({ type: 'user', isMeta: true, message: { content: TEXT }, timestamp: AT }), null);
    assert.equal(read({ type: 'user', isSidechain: true, message: { content: TEXT }, timestamp: AT }), null);
    assert.equal(readClaudeConversation('{"type":"user","message":'), null);
    assert.equal(readClaudeConversation('"type":"user"'), null);
    assert.equal(read([{ type: 'user' }]), null);
  });
});
