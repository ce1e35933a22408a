import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transcript } from '../../../../src/orchestrator/usage/transcript';

const REPLIES = 5000;

describe('the usage of a very long conversation', () => {
  const dir = mkdtempSync(join(tmpdir(), 'taco-transcript-'));
  const path = join(dir, 'c.jsonl');
  after(() => rmSync(dir, { recursive: true }));

  /** Each reply has two lines; the last one counts. */
  function write(from: number, to: number): void {
    const lines: string[] = [];
    for (let n = from; n < to; n++)
      for (const output of [1, 2])
        lines.push(
          JSON.stringify({
            message: { id: `msg_${n}`, model: 'claude-haiku', usage: { input_tokens: 3, output_tokens: output } },
          }),
        );
    appendFileSync(path, `${lines.join('\n')}\n`);
  }

  it('counts each reply once, and remembers only the latest ids', async () => {
    const transcript = new Transcript(path);
    for (let n = 0; n < REPLIES; n += 500) {
      write(n, n + 500);
      await transcript.usage();
    }
    const { input, output } = await transcript.usage();
    assert.deepEqual([input, output], [3 * REPLIES, 2 * REPLIES]);
    assert.ok((transcript as unknown as { replies: Map<string, unknown> }).replies.size <= 2000);
  });
});
