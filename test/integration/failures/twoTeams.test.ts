import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { runTwoTeams } from '../../stress/twoTeams';

describe('two teams with equal folder names, side by side', function () {
  this.timeout(600_000);

  it('exchange no message, key or signal while they are started, killed, resumed and stopped, and leave no process', async () => {
    const rounds = 4;
    const result = await runTwoTeams({ rounds, seed: 5, taco: resolve('dist/taco.js'), say: () => undefined });
    assert.deepEqual(
      { ...result, sent: 0, received: 0 },
      { rounds, sent: 0, received: 0, crossed: [], duplicates: [], left: [] },
    );
    assert.ok(result.received > 0);
  });
});
