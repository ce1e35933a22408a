import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { claudeUnderTest } from '../conformance/clis/claude';
import { runVersion } from '../conformance/runner';
import { isGood, type CaseResult } from '../conformance/types';
import { CLAUDE_VERSIONS, ensureClaude } from '../support/clis/claude';

/** Twelve cases of `npm run conformance` on the newest version, chosen because they find the most regressions. */
const DESCRIPTIVE = [
  '9 KB',
  '60 lines',
  'ends in `\\`',
  'begins with !',
  'control bytes',
  'emoji joined by ZWJ',
  'permission dialog, the user allows',
  'question dialog',
  'the agent is busy',
  "the user's draft stands there, and is sent",
  'copy mode, the user reads',
  'a shell is left in the pane',
  'the user begins to type while the message is typed',
];

describe('messages to the real Claude Code arrive exactly once', function () {
  this.timeout(170_000);
  const newest = CLAUDE_VERSIONS.at(-1) ?? '2.1.331';
  const cases = claudeUnderTest.cases.filter(({ name }) => DESCRIPTIVE.includes(name));
  let results: readonly CaseResult[] = [];

  before(async function () {
    this.timeout(600_000);
    await ensureClaude(newest);
    results = await runVersion({
      cli: claudeUnderTest,
      version: newest,
      taco: resolve('dist/taco.js'),
      cases,
      senders: ['ours'],
      lanes: 3,
      onResult: () => undefined,
    });
  });

  for (const name of DESCRIPTIVE) {
    it(name, () => {
      const result = results.find((each) => each.name === name);
      assert.ok(result, 'no such case was played');
      assert.ok(isGood(result), JSON.stringify(result, null, 1));
    });
  }
});
