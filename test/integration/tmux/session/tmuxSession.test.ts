import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { PrivateTmux } from '../../../support/tmux';

describe('TmuxSession', () => {
  let tmux: PrivateTmux;
  beforeEach(() => (tmux = new PrivateTmux()));
  afterEach(() => tmux.dispose());

  it('exists or does not exist, with a server and without', async () => {
    assert.equal(await TmuxSession.exists(tmux.options, 'team'), false);
    await tmux.session();
    assert.deepEqual(
      [await TmuxSession.exists(tmux.options, 'team'), await TmuxSession.exists(tmux.options, 'tea')],
      [true, false],
    );
  });

  it('does not count as ended when tmux gives no clear answer, because its agents would be lost', async () => {
    const tmuxCommand = join(tmux.dir, 'tmux-that-fails');
    writeFileSync(tmuxCommand, '#!/bin/sh\necho "fork failed: Resource temporarily unavailable" >&2\nexit 1\n');
    chmodSync(tmuxCommand, 0o700);
    await assert.rejects(TmuxSession.exists({ ...tmux.options, tmuxCommand }, 'team'), (error) =>
      isTacoError(error, 'tmux-failed'),
    );
  });
});
