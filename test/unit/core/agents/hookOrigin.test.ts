import assert from 'node:assert/strict';
import { hookOrigin } from '../../../../src/core/agents/hookOrigin';

const PANE = 200;
/** The shell of the hook, the CLI as the pane's process, the tmux server. */
const KNOWN = '310 200 100';

describe('the origin of a hook', () => {
  it("is the agent's CLI when as many processes are above it as above the hooks of its own conversation", () => {
    assert.equal(hookOrigin(KNOWN, '320 200 100', PANE), 'agent');
    assert.equal(hookOrigin('310 250 200 100', '320 250 200 100', PANE), 'agent', 'a CLI below a wrapper');
    assert.equal(hookOrigin('200 100', '200 100', PANE), 'agent', 'a CLI that runs its hooks without a shell');
  });

  it('is another process when a CLI in the shell of the agent ran it', () => {
    assert.equal(hookOrigin(KNOWN, '340 330 320 200 100', PANE), 'other');
    assert.equal(hookOrigin('200 100', '330 320 200 100', PANE), 'other');
  });

  it("is another process when it is not below the agent's pane", () => {
    assert.equal(hookOrigin(KNOWN, '320 201 100', PANE), 'other');
    assert.equal(hookOrigin(KNOWN, '320 99', PANE), 'other');
    assert.equal(hookOrigin('', '320 201 100', PANE), 'other');
  });

  it('is decided by the depth alone in a sandbox with process ids of its own', () => {
    assert.equal(hookOrigin('7 2', '9 2', PANE), 'agent');
    assert.equal(hookOrigin('7 2', '14 12 9 2', PANE), 'other');
  });

  it('is unknown where the machine shows no processes, and before the first hook of the conversation', () => {
    assert.equal(hookOrigin(KNOWN, '', PANE), 'unknown');
    assert.equal(hookOrigin('', '320 200 100', PANE), 'unknown');
    assert.equal(hookOrigin('', '320 200 100', 0), 'unknown');
  });
});
