import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilSaved } from '../../../../src/orchestrator/launch/savedConversation';

const ID = '8d2c3a1e-0000-4000-8000-000000000001';
const START_MS = 1_796_000_000_000;

describe('the wait until a CLI has saved its conversation', () => {
  let folder: string;
  let now: number;
  const write = (): void => {
    const file = join(folder, '-srv-shop', `${ID}.jsonl`);
    writeFileSync(file, '{}\n');
    utimesSync(file, now / 1000, now / 1000);
  };
  /** Resolves with the milliseconds of the wait; `during` runs at each pause. */
  const waited = async (during: () => void = () => undefined, of: string | undefined = folder): Promise<number> => {
    const since = now;
    const sleep = (ms: number): Promise<void> => {
      now += ms;
      during();
      return Promise.resolve();
    };
    await untilSaved(of, ID, { now: () => now, sleep });
    return now - since;
  };

  beforeEach(() => {
    now = START_MS;
    folder = mkdtempSync(join(tmpdir(), 'taco-saved-'));
    mkdirSync(join(folder, '-srv-shop'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lasts until the file has not changed for two seconds', async () => {
    write();
    assert.equal(await waited(() => now === START_MS + 1500 && write()), 3500);
  });

  it('is over at once for a file that has not changed lately', async () => {
    write();
    now += 2000;
    assert.equal(await waited(), 0);
  });

  it('is over at once without a file, a folder, or a clock that agrees with that of the file', async () => {
    assert.equal(await waited(), 0);
    assert.equal(await waited(undefined, join(folder, 'none')), 0);
    write();
    now -= 60_000;
    assert.equal(await waited(), 0);
  });

  it('ends after six seconds while the CLI goes on writing', async () => {
    write();
    assert.equal(await waited(write), 6000);
  });
});
