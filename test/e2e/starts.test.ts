import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { claudeUnderTest } from '../conformance/clis/claude';
import { playStart } from '../conformance/starts';
import { ensureClaude, NEWEST_CLAUDE } from '../support/clis/claude';

/**
 * As many as in a user's first large plan. `npm run conformance -- --starts 1,3,8,16` starts more, more often and
 * under load.
 */
const AGENTS = 8;

describe(`a plan of ${AGENTS} agents, each a real Claude Code ${NEWEST_CLAUDE}`, function () {
  this.timeout(400_000);
  before(async function () {
    this.timeout(600_000);
    await ensureClaude(NEWEST_CLAUDE);
  });

  it('delivers the first message to every agent once and exactly', async () => {
    const { received, wrong, problems } = await playStart(
      claudeUnderTest,
      NEWEST_CLAUDE,
      resolve('dist/taco.js'),
      AGENTS,
      'nothing',
    );
    assert.deepEqual({ received, wrong }, { received: AGENTS, wrong: 0 }, problems.join('\n'));
  });
});
