import assert from 'node:assert/strict';
import { captureScreens } from '../../../../src/tmux/pane/captureScreens';
import { socketPath } from '../../../../src/tmux/session/socketPath';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

describe('the screens of agents', function () {
  this.timeout(120_000);
  let tmux: PrivateTmux;
  beforeEach(() => (tmux = new PrivateTmux()));
  afterEach(() => tmux.dispose());

  it('are captured with their colours by one process, only of the panes of the team', async () => {
    const session = await tmux.session();
    await session.setEpoch(1);
    const script =
      'i=0; while [ $i -lt 30 ]; do printf "\\033[31mline %s\\033[0m\\n" $i; i=$((i+1)); done; exec sleep 1000';
    const panes: string[] = [];
    for (const window of [2, 3])
      panes.push(await session.newWindow(window, `w${window}`, { argv: ['sh', '-c', script] }));
    const options = {
      ...tmux.options,
      socketPath: socketPath(tmux.options.socket, tmux.options.env),
      identity: session.identity,
    };
    const tails = await waitUntil(
      async () => {
        const found = await captureScreens(options, panes);
        return panes.every((pane) => found.get(pane)?.at(-1)?.includes('line 29')) ? found : null;
      },
      60_000,
      'the lines',
    );
    for (const pane of panes) {
      assert.match(tails.get(pane)?.join('\n') ?? '', /\u001b\[31mline \d+\n[^]*line 29/);
    }
    assert.deepEqual([...(await captureScreens(options, ['%999', panes[0] ?? ''])).keys()], [panes[0]]);
    assert.deepEqual([...(await captureScreens({ ...options, identity: 'other' }, panes)).keys()], []);
    assert.deepEqual([...(await captureScreens(options, ['-t; kill-server', '$(x)'])).keys()], []);
  });
});
