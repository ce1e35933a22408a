import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MergeJournal } from '../../../../src/core/proof/mergeJournal';
import { JournalFile } from '../../../../src/environment/merging/journalFile';

const run = (ticket: string, more: Partial<MergeJournal> = {}): MergeJournal => ({
  id: `id of ${ticket}`,
  ticket,
  at: 1,
  endedAt: null,
  target: 'main',
  method: 'merge',
  check: [],
  steps: [],
  problem: '',
  ...more,
});

describe('the journal of the merge lane', () => {
  let folder: string;
  let file: JournalFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taco-journal-'));
    file = new JournalFile(join(folder, 'merge.json'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds a run by its ticket after the next one has begun', async () => {
    assert.equal(await file.find('one'), null);
    await file.write(run('one'));
    assert.equal((await file.find('one'))?.endedAt, null);
    await file.write(run('one', { endedAt: 2 }));
    await file.write(run('two'));
    assert.equal((await file.read())?.ticket, 'two');
    assert.equal((await file.find('one'))?.endedAt, 2);
    assert.equal((await file.find('two'))?.endedAt, null);
  });

  it('keeps the newest ended runs only, and none that nobody asked for', async () => {
    for (let n = 1; n <= 30; n++) await file.write(run(`t${n}`, { endedAt: n }));
    await file.write(run('', { endedAt: 31 }));
    assert.deepEqual(
      [await file.find('t10'), (await file.find('t11'))?.endedAt, (await file.find('t30'))?.endedAt],
      [null, 11, 30],
    );
  });
});
