import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '../../../../src/environment/git/git';
import { Radar, type RadarReport } from '../../../../src/environment/merging/radar';
import { GitProject } from '../../../support/gitProject';

const LINES = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`);
const withLine = (at: number, text: string): string =>
  LINES.map((line, index) => (index === at ? text : line)).join('');

describe('the comparison of worktrees', function () {
  this.timeout(60_000);
  let bed: GitProject;
  let api: string;
  let web: string;
  beforeEach(async () => {
    bed = new GitProject();
    bed.commit(bed.project, 'l.txt', LINES.join(''));
    bed.commit(bed.project, 'package-lock.json', '{\n  "a": "1.0.0"\n}\n');
    api = (await bed.worktrees.add('team', 'api')).folder;
    web = (await bed.worktrees.add('team', 'web')).folder;
  });
  afterEach(() => bed.close());

  const scan = (owns?: readonly string[]): Promise<RadarReport> =>
    new Radar(new Git(bed.env), bed.project).scan([
      { name: 'user', path: bed.project },
      { name: 'api', path: api, owns },
      { name: 'web', path: web },
    ]);
  const conflicts = async (): Promise<string[]> =>
    (await scan()).overlaps.flatMap(({ agents, conflicts: found }) =>
      found.map(({ file }) => `${agents.join('-')} ${file}`),
    );

  it('names the lines that both change, also before they are committed', async () => {
    bed.write(api, 'l.txt', withLine(4, 'by api\n'));
    bed.commit(web, 'l.txt', withLine(4, 'by web\n'));
    const { overlaps } = await scan();
    assert.deepEqual(overlaps, [
      { agents: ['api', 'web'], files: ['l.txt'], conflicts: [{ file: 'l.txt', lines: [[5, 9]] }] },
    ]);
    assert.equal(bed.git(api, 'status', '--porcelain'), 'M l.txt');
  });

  it('names a file that both change in different places without calling it a conflict', async () => {
    bed.write(api, 'l.txt', withLine(0, 'by api\n'));
    bed.write(web, 'l.txt', withLine(11, 'by web\n'));
    assert.deepEqual((await scan()).overlaps, [{ agents: ['api', 'web'], files: ['l.txt'], conflicts: [] }]);
  });

  const SEEDS: readonly (readonly [string, () => void, RegExp])[] = [
    [
      'a rename against an edit of the same lines',
      () => {
        bed.git(api, 'mv', 'l.txt', 'renamed.txt');
        bed.commit(api, 'renamed.txt', withLine(4, 'by api\n'));
        bed.commit(web, 'l.txt', withLine(4, 'by web\n'));
      },
      /api-web renamed\.txt/,
    ],
    [
      'a rename to two names',
      () => {
        bed.git(api, 'mv', 'l.txt', 'one.txt');
        bed.git(web, 'mv', 'l.txt', 'two.txt');
      },
      /api-web (?:l|one|two)\.txt/,
    ],
    [
      'a deletion against an edit',
      () => {
        rmSync(join(api, 'l.txt'));
        bed.write(web, 'l.txt', withLine(4, 'by web\n'));
      },
      /api-web l\.txt/,
    ],
    [
      'a file that both add',
      () => {
        bed.write(api, 'new.txt', 'a\n');
        bed.write(web, 'new.txt', 'b\n');
      },
      /api-web new\.txt/,
    ],
    [
      'a lock file',
      () => {
        bed.write(api, 'package-lock.json', '{\n  "a": "1.1.0"\n}\n');
        bed.write(web, 'package-lock.json', '{\n  "a": "2.0.0"\n}\n');
      },
      /api-web package-lock\.json/,
    ],
    [
      'a file against a folder of the same name',
      () => {
        bed.write(api, 'thing', 'a\n');
        bed.git(
          web,
          'update-index',
          '--add',
          '--cacheinfo',
          `100644,${bed.git(web, 'hash-object', '-w', 'a.txt')},thing/inner.txt`,
        );
        bed.git(web, 'commit', '-q', '-m', 'folder');
        bed.git(web, 'reset', '-q', '--hard');
      },
      /api-web thing/,
    ],
    [
      'an edit of the user that is not committed',
      () => {
        bed.write(bed.project, 'l.txt', withLine(4, 'by the user\n'));
        bed.write(web, 'l.txt', withLine(4, 'by web\n'));
      },
      /user-web l\.txt/,
    ],
  ];
  for (const [what, seed, expected] of SEEDS)
    it(`finds ${what}`, async () => {
      seed();
      assert.match((await conflicts()).join('\n'), expected);
    });

  it('names files that an agent changed outside what it owns', async () => {
    bed.write(api, 'l.txt', withLine(4, 'by api\n'));
    bed.write(api, 'b.txt', 'new\n');
    assert.deepEqual((await scan(['b*'])).outside, [{ agent: 'api', files: ['l.txt'] }]);
  });

  it('finds nothing where nobody has changed anything', async () => {
    assert.deepEqual(await scan(['src/**']), { overlaps: [], outside: [] });
  });
});
