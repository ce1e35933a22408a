import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { conflictsOf, type Conflict } from '../../../../src/core/proof/conflicts';
import type { MergeStep } from '../../../../src/core/proof/mergeJournal';
import { agent } from '../../../support/planBuilders';
import { ProofTeam } from '../../../support/proofTeam';

const NODE = process.execPath;
const PASSES = [NODE, '-e', '0'];
/** Fails where a file has the marks of a conflict, or a lock file is no JSON. */
const WHOLE = [
  NODE,
  '-e',
  `const { readFileSync, readdirSync, statSync } = require('fs');
for (const name of readdirSync('.', { recursive: true })) {
  if (name.startsWith('.git') || !statSync(name).isFile()) continue;
  const text = readFileSync(name, 'utf8');
  if (/^(<<<<<<<|>>>>>>>)/m.test(text)) throw new Error('marks of a conflict in ' + name);
  if (name.endsWith('lock.json')) JSON.parse(text);
}`,
];

/** Returns twelve lines that only this file has, so that git takes no other file for it. */
const lines = (name: string): readonly string[] => Array.from({ length: 12 }, (_, index) => `${name} ${index + 1}\n`);
/** Returns the lines of a file with another sixth line. */
const edited = (name: string, text: string): string =>
  lines(name)
    .map((line, index) => (index === 5 ? text : line))
    .join('');
const lock = (version: string): string => `{\n  "packages": {\n    "dep": "${version}"\n  }\n}\n`;

/** Changes the folder of an author. */
type Change = (folder: string) => void;
interface Seed {
  readonly what: string;
  /** The file that TACO must name. */
  readonly names: RegExp;
  readonly first: Change;
  readonly last: Change;
}

describe('twelve seeded conflicts', function () {
  this.timeout(300_000);
  const bed = new ProofTeam();
  const write =
    (name: string, text: string): Change =>
    (folder) =>
      bed.write(folder, { [name]: text });
  const git =
    (...args: string[]): Change =>
    (folder) =>
      void bed.git(folder, ...args);
  const both =
    (...changes: Change[]): Change =>
    (folder) => {
      for (const change of changes) change(folder);
    };
  /** Commits in a submodule, so that the folder has another commit of it. */
  const moved =
    (path: string, text: string): Change =>
    (folder) =>
      void bed.commit(join(folder, path), { 'l.txt': text });

  /** The first six are between `api` and `web`, the others between `qa` and `web`. */
  const SEEDS: readonly Seed[] = [
    {
      what: 'different edits of one line',
      names: /^line\.txt$/,
      first: write('line.txt', edited('line', 'theirs\n')),
      last: write('line.txt', edited('line', 'mine\n')),
    },
    {
      what: 'a rename against an edit of the same line',
      names: /^(?:renamed|rename-edit)\.txt$/,
      first: both(git('mv', 'rename-edit.txt', 'renamed.txt'), write('renamed.txt', edited('rename-edit', 'theirs\n'))),
      last: write('rename-edit.txt', edited('rename-edit', 'mine\n')),
    },
    {
      what: 'a deletion against an edit',
      names: /^delete-edit\.txt$/,
      first: git('rm', '-q', 'delete-edit.txt'),
      last: write('delete-edit.txt', edited('delete-edit', 'mine\n')),
    },
    {
      what: 'a file that both add',
      names: /^added\.txt$/,
      first: write('added.txt', 'theirs\n'),
      last: write('added.txt', 'mine\n'),
    },
    {
      what: 'a submodule that both move',
      names: /^lib$/,
      first: moved('lib', 'theirs\n'),
      last: moved('lib', 'mine\n'),
    },
    {
      what: 'a lock file of npm',
      names: /^package-lock\.json$/,
      first: write('package-lock.json', lock('1.1.0')),
      last: write('package-lock.json', lock('2.0.0')),
    },
    {
      what: 'lines that one deletes and the other edits',
      names: /^cut\.txt$/,
      first: write(
        'cut.txt',
        lines('cut')
          .filter((_, index) => index < 3 || index > 6)
          .join(''),
      ),
      last: write('cut.txt', edited('cut', 'mine\n')),
    },
    {
      what: 'a rename to two names',
      names: /^(?:two-names|one|two)\.txt$/,
      first: git('mv', 'two-names.txt', 'one.txt'),
      last: git('mv', 'two-names.txt', 'two.txt'),
    },
    {
      what: 'the deletion of a folder against an edit in it',
      names: /^folder\/inner\.txt$/,
      first: git('rm', '-q', '-r', 'folder'),
      last: write('folder/inner.txt', edited('folder/inner', 'mine\n')),
    },
    {
      what: 'a file that one adds where the other adds a folder',
      names: /^thing/,
      first: write('thing/inner.txt', 'theirs\n'),
      last: write('thing', 'mine\n'),
    },
    {
      what: 'a submodule that one removes and the other moves',
      names: /^tools$/,
      first: git('rm', '-q', 'tools'),
      last: moved('tools', 'mine\n'),
    },
    {
      what: 'a lock file of yarn',
      names: /^yarn\.lock$/,
      first: write('yarn.lock', 'dep@^1:\n  version "1.1.0"\n'),
      last: write('yarn.lock', 'dep@^1:\n  version "2.0.0"\n'),
    },
  ];
  const AUTHORS = ['api', 'qa'] as const;
  const seedsOf = (author: string): readonly Seed[] => (author === 'api' ? SEEDS.slice(0, 6) : SEEDS.slice(6));
  const folders = new Map<string, string>();

  before(async () => {
    for (const name of ['lib', 'tools']) {
      const library = join(bed.bed.dir, name);
      mkdirSync(library);
      bed.git(library, 'init', '-q', '-b', 'main');
      bed.commit(library, { 'l.txt': 'l\n' });
    }
    bed.repository({
      ...Object.fromEntries(
        ['line', 'rename-edit', 'delete-edit', 'cut', 'two-names', 'folder/inner'].map((name) => [
          `${name}.txt`,
          lines(name).join(''),
        ]),
      ),
      'package-lock.json': lock('1.0.0'),
      'yarn.lock': 'dep@^1:\n  version "1.0.0"\n',
    });
    for (const name of ['lib', 'tools'])
      bed.git(bed.project, 'submodule', '--quiet', 'add', join(bed.bed.dir, name), name);
    bed.commit(bed.project, {}, 'submodules');
    await bed.begin(
      [
        agent(2, 'api', { check: PASSES, task: 'The first half of the changes' }),
        agent(3, 'web', { check: PASSES, task: 'All changes in another way', depends_on: ['api', 'qa'] }),
        agent(4, 'qa', { check: PASSES, task: 'The second half of the changes' }),
      ],
      { mergeCheck: WHOLE },
    );
    for (const name of ['api', 'web', 'qa']) folders.set(name, (await bed.agent(name)).workspace);
    for (const author of AUTHORS) {
      for (const { first } of seedsOf(author)) first(folders.get(author)!);
      bed.commit(folders.get(author)!, {}, `work of ${author}`);
    }
    for (const { last } of SEEDS) last(folders.get('web')!);
    bed.commit(folders.get('web')!, {}, 'work of web');
    await bed.team.send({ from: { kind: 'user' }, to: 'all', text: 'one more turn' });
  });
  after(() => bed.dispose());

  for (const [index, { what, names }] of SEEDS.entries())
    it(`names ${what} to both authors before anything is merged`, async () => {
      const author = AUTHORS[index < 6 ? 0 : 1];
      for (const [me, other] of [
        [author, 'web'],
        ['web', author],
      ] as const) {
        const isNamed = (conflict: Conflict): boolean =>
          conflict.agent === other && conflict.files.some((file) => names.test(file));
        const { agents } = await bed.until(`${what} in the record of ${me}`, (snapshot) =>
          snapshot.agents.some((record) => record.name === me && conflictsOf(record).some(isNamed)),
        );
        const record = agents.find(({ name }) => name === me)!;
        const file = conflictsOf(record)
          .find(isNamed)!
          .files.find((each) => names.test(each))!;
        await bed.until(`${what} in a message to ${me}`, ({ messages }) =>
          messages.some(
            ({ target, message }) =>
              target.endsWith(`:${record.window}`) &&
              message.includes(`conflict with those of ${other} in `) &&
              message.includes(file),
          ),
        );
      }
    });

  it('keeps the target green at each step, and gives all twelve to the author whose work is merged last', async () => {
    const begin = bed.git(bed.project, 'rev-parse', 'main');
    for (const name of ['api', 'web', 'qa']) {
      await bed.done(name);
      await bed.proof(name, 'proven');
    }
    const { steps } = await bed.merge();
    assert.deepEqual(
      steps.map((step: MergeStep) => `${step.agent} ${step.state} ${step.reason.replace(/ in [^]*/, '')}`.trim()),
      ['api merged', 'qa merged', 'web conflict conflicts with the target'],
    );
    const files = steps[2]?.files ?? [];
    for (const { what, names } of SEEDS)
      assert.ok(
        files.some((file) => names.test(file)),
        `${what}: ${files.join(', ')}`,
      );

    const web = folders.get('web')!;
    bed.git(web, 'merge', '-q', '-s', 'ours', '-m', 'keep my way', 'main');
    await bed.done('web');
    await bed.proof('web', 'proven');
    assert.deepEqual(
      (await bed.merge()).steps.map(({ state, reason }) => `${state} ${reason}`.trim()),
      ['merged'],
    );
    assertGreen(bed.git(bed.project, 'rev-list', '--first-parent', `${begin}..main`).split('\n'));
  });

  /** Runs the check on each commit that the target had. */
  function assertGreen(commits: readonly string[]): void {
    assert.equal(commits.length, 3);
    for (const commit of commits) {
      const folder = join(bed.bed.dir, `at-${commit.slice(0, 10)}`);
      bed.git(bed.project, 'worktree', 'add', '-q', '--detach', folder, commit);
      const [program = '', ...args] = WHOLE;
      execFileSync(program, args, { cwd: folder, encoding: 'utf8' });
    }
  }
});
