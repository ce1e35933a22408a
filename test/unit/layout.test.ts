/** The layout of `src` and `test`: what a reader may rely on when looking for a file. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

const MAX_FILES = 18;
const MAX_FILES_AT_TOP = 4;
/** Folders of tests whose subject is not one folder of `src`: tools of the tests, and what concerns a whole team. */
const NOT_IN_SRC = ['bench', 'conformance', 'harness', 'soak', 'stress', 'failures', 'isolation'];
/** Unit tests whose subject is several files of their folder. */
const OF_A_FOLDER = ['docs', 'layout', 'phases'];

const filesBelow = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));

/** TypeScript files of each folder, subfolders not included. */
function countsOf(dir: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of filesBelow(dir)) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return counts;
}

const isOutside = (file: string, root: string): boolean =>
  NOT_IN_SRC.includes(relative(root, file).split('/')[0] ?? '');

describe('the layout of the sources', () => {
  it(`has at most ${MAX_FILES} TypeScript files in a folder`, () => {
    const full = [...countsOf('src')].filter(([, count]) => count > MAX_FILES);
    assert.deepEqual(full, []);
  });

  it(`has at most ${MAX_FILES_AT_TOP} TypeScript files at the top level of a room`, () => {
    const counts = countsOf('src');
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const full = rooms.map(({ name }) => [name, counts.get(join('src', name)) ?? 0] as const);
    assert.deepEqual(
      full.filter(([, count]) => count > MAX_FILES_AT_TOP),
      [],
    );
  });
});

describe('the layout of the tests', () => {
  it('has each unit test at the path of the file it tests', () => {
    const lost = filesBelow('test/unit').filter((file) => {
      const subject = basename(file).split('.')[0] ?? '';
      const source = join('src', relative('test/unit', dirname(file)), `${subject}.ts`);
      return !isOutside(file, 'test/unit') && !OF_A_FOLDER.includes(subject) && !existsSync(source);
    });
    assert.deepEqual(lost, []);
  });

  it('has each integration test in the folder of the files it tests', () => {
    const lost = filesBelow('test/integration').filter(
      (file) =>
        !isOutside(file, 'test/integration') && !existsSync(join('src', relative('test/integration', dirname(file)))),
    );
    assert.deepEqual(lost, []);
  });

  it('has helpers in test/support only', () => {
    const helpers = [...filesBelow('test/unit'), ...filesBelow('test/integration')];
    assert.deepEqual(
      helpers.filter((file) => !file.endsWith('.test.ts')),
      [],
    );
  });
});
