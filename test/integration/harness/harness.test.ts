import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endMarked, run } from '../../harness/processes';

describe('the test bed', () => {
  let scratch: string;
  beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'bed-'))));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  it('finds by the folder in its title a redis-server, which hides its environment', async () => {
    await run('redis-server', [
      '--port',
      '0',
      '--unixsocket',
      join(scratch, 'r.sock'),
      '--daemonize',
      'yes',
      '--save',
      '',
      '--dir',
      scratch,
    ]);
    const left = endMarked('no such mark', scratch);
    assert.equal(left.length, 1);
    assert.match(left[0] ?? '', /redis-server/);
  });
});
