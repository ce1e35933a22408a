import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budgetStage, parseBudget } from '../../../../src/core/agents/budget';
import { formatUsage } from '../../../../src/core/agents/formatUsage';
import { replyUsageOf, sumUsage } from '../../../../src/core/agents/usage';
import { Transcript } from '../../../../src/orchestrator/usage/transcript';

const line = (id: string, usage: Record<string, unknown>, model = 'claude-opus-4-8'): string =>
  JSON.stringify({
    parentUuid: 'x',
    isSidechain: false,
    type: 'assistant',
    message: { id, type: 'message', role: 'assistant', model, content: [{ type: 'text', text: 'hi' }], usage },
  });
const used = (input: number, output: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  ...more,
});

describe('the usage of a conversation', () => {
  it('sums the tokens of its replies, priced by model and by caching', () => {
    const cost = (model: string, usage: Record<string, unknown>) => replyUsageOf(line('m', usage, model))?.usage.cost;
    assert.equal(cost('claude-opus-4-8', used(1e6, 1e6)), 30);
    assert.equal(cost('claude-opus-4-1-20250805', used(1e6, 0)), 15);
    assert.equal(cost('claude-sonnet-4-5-20250929', used(0, 1e6)), 15);
    assert.equal(cost('claude-haiku-4-5', used(1e6, 0, { cache_read_input_tokens: 1e6 })), 1.1);
    assert.equal(
      cost(
        'claude-sonnet-4-5',
        used(0, 0, {
          cache_creation_input_tokens: 1e6,
          cache_creation: { ephemeral_1h_input_tokens: 4e5, ephemeral_5m_input_tokens: 6e5 },
        }),
      ),
      3 * (0.6 * 1.25 + 0.4 * 2),
    );
  });

  it('prices an unknown model like the most expensive one and marks the cost as guessed', () => {
    const reply = replyUsageOf(line('m', used(1e6, 0), 'somebody-elses-model'));
    assert.deepEqual([reply?.usage.cost, reply?.usage.guessed], [15, true]);
    assert.match(formatUsage(reply?.usage ?? sumUsage([])), /^≈ max \$15\.00, 1\.0M in, 0 out$/);
  });

  it('is formatted with the budget', () => {
    const { usage = sumUsage([]) } = replyUsageOf(line('m1', used(200_000, 1000))) ?? {};
    assert.equal(formatUsage(usage, 5), '≈ $1.02 of $5.00, 200k in, 1.0k out');
    assert.equal(formatUsage(sumUsage([]), 5), '');
  });

  it('ignores all other lines, whatever they contain', () => {
    for (const text of [
      '',
      '{',
      '"usage"',
      '{"usage":1}',
      '{"message":{"usage":{"input_tokens":5}}}',
      'null "usage"',
      line('m', used(1, 1), '<synthetic>'),
    ])
      assert.equal(replyUsageOf(text), null, text);
    const odd = replyUsageOf(line('m', { input_tokens: -5, output_tokens: 'many' }));
    assert.deepEqual([odd?.usage.input, odd?.usage.output, odd?.usage.cost], [0, 0, 0]);
  });

  it('continues after the last read: half lines wait, a reply counts once by its last line, sub-agents count', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'taco-usage-'));
    try {
      const file = join(dir, 'abc.jsonl');
      const transcript = new Transcript(file);
      assert.equal((await transcript.usage()).output, 0, 'not there yet');
      const second = line('b', used(1, 7));
      writeFileSync(
        file,
        `${line('a', used(10, 1))}\n${line('a', used(10, 5))}\nnot json "usage"\n${second.slice(0, 40)}`,
      );
      assert.deepEqual([(await transcript.usage()).input, (await transcript.usage()).output], [10, 5]);
      appendFileSync(file, `${second.slice(40)}\n`);
      assert.equal((await transcript.usage()).output, 12);
      mkdirSync(join(dir, 'abc', 'subagents'), { recursive: true });
      writeFileSync(
        join(dir, 'abc', 'subagents', 'agent-1.jsonl'),
        `${line('a', used(10, 5))}\n${line('c', used(0, 100, {}), 'claude-haiku-4-5')}\n`,
      );
      assert.equal((await transcript.usage()).output, 112);
      writeFileSync(file, `${line('d', used(0, 1))}\n`);
      assert.equal((await transcript.usage()).output, 113, 'a file that was begun anew');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('causes a warning at 80 % of the budget and stops the team at its end', () => {
    assert.deepEqual(
      [budgetStage(7.9, 10), budgetStage(8, 10), budgetStage(10, 10), budgetStage(99, 0)],
      ['within', 'near', 'spent', 'within'],
    );
    assert.deepEqual(['5', '$7.50', ' off ', '0', '-1', 'five', '1e9', ''].map(parseBudget), [
      5,
      7.5,
      0,
      0,
      null,
      null,
      null,
      null,
    ]);
  });
});
