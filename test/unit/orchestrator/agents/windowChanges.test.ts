import assert from 'node:assert/strict';
import { WindowChanges } from '../../../../src/orchestrator/agents/windowChanges';
import type { WindowPane } from '../../../../src/tmux/session/sessionPanes';

const agents = [{ name: 'one', pane: '%2' }];
const pane = (more: Partial<WindowPane> = {}): WindowPane => ({
  window: 2,
  name: 'one',
  pane: '%2',
  pid: 1,
  dead: false,
  panes: 1,
  ours: true,
  ourProcess: true,
  launch: '',
  ...more,
});

describe('changes of windows by the user', () => {
  it('are empty on the first poll and while nothing changes', () => {
    const watch = new WindowChanges();
    assert.deepEqual(watch.see([pane({ window: 7, panes: 2 })], agents), []);
    assert.deepEqual(watch.see([pane({ window: 7, panes: 2 })], agents), []);
  });

  it('are reported once: moved, renamed, split', () => {
    const watch = new WindowChanges();
    watch.see([pane()], agents);
    const after = [pane({ window: 9, name: 'mine', panes: 2 })];
    assert.deepEqual(watch.see(after, agents), [
      "one's window was moved from 2 to 9",
      "one's window was renamed to “mine”",
      "one's window was split; messages go to the agent's own pane",
    ]);
    assert.deepEqual(watch.see(after, agents), []);
  });

  it('are not reported for windows without an agent, nor for a split that ends', () => {
    const watch = new WindowChanges();
    watch.see([pane({ panes: 2 }), pane({ pane: '%9', window: 5 })], agents);
    assert.deepEqual(watch.see([pane(), pane({ pane: '%9', window: 6 })], agents), []);
  });
});
