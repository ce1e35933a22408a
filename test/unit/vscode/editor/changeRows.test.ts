import assert from 'node:assert/strict';
import type { PullRequest } from '../../../../src/core/proof/pullRequest';
import type { ChangedFile } from '../../../../src/environment/git/changes';
import {
  comparedPaths,
  fileDescription,
  fileSpoken,
  neighbour,
  rootDescription,
  rootLabel,
} from '../../../../src/vscode/editor/changeRows';
import { pullRequest } from '../../../support/pullRequestBuilder';
import { agent } from '../../../support/vscode/fakeTeam';

const file = (path: string, more: Partial<ChangedFile> = {}): ChangedFile => ({
  path,
  file: `/w/${path}`,
  kind: 'changed',
  basePath: path,
  added: 2,
  removed: 1,
  ...more,
});
const changes = (...files: ChangedFile[]) => ({ top: '/w', base: 'abc', files });

describe('A row of the Changes view', () => {
  it('names the agent of a worktree, and otherwise the folder', () => {
    const api = agent(2, 'api', 'idle');
    assert.equal(rootLabel({ agents: [api], own: true }), 'api');
    assert.equal(rootDescription({ agents: [api], own: true, changes: changes(file('a')) }), '1 file');
    assert.equal(rootLabel({ agents: [api], own: false }), 'Project folder');
    assert.match(
      rootDescription({ agents: [api], own: false, changes: changes() }),
      /no changes · api and you work in this folder/,
    );
    assert.match(
      rootDescription({ agents: [api, agent(3, 'web', 'idle')], own: false, changes: changes() }),
      /shared by api, web: changes cannot be attributed/,
    );
  });

  it('names the agents whose changes conflict, and where', () => {
    const conflicts = JSON.stringify([{ agent: 'web', files: ['a.ts', 'b.ts'] }]);
    const api = agent(2, 'api', 'idle', { proof: 'proven', conflicts });
    assert.equal(
      rootDescription({ agents: [api], own: true, changes: changes(file('a.ts')) }),
      '1 file · proven · conflicts with web in a.ts, b.ts',
    );
    for (const damaged of ['', '{', '{}', '[{"agent":1,"files":[]}]', '[{"agent":"web","files":[1]}]', '[null]'])
      assert.equal(
        rootDescription({ agents: [{ ...api, conflicts: damaged }], own: true, changes: changes() }),
        'no changes · proven',
      );
  });

  it('shows the pull request of an agent in its worktree, and of no one in a shared folder', () => {
    const api = agent(2, 'api', 'idle', { proof: 'proven' });
    const request = pullRequest({
      review: 'changes-requested',
      checks: [{ name: 'build', verdict: 'failed' }],
      comments: 2,
    });
    const text = (own: boolean, rest: Partial<PullRequest> = {}) =>
      rootDescription({ agents: [api], own, changes: changes(file('a')) }, { ...request, ...rest });
    assert.equal(
      text(true),
      '1 file · proven · pull request #7: open, its checks failed, changes requested, 2 comments',
    );
    assert.equal(text(true, { state: 'merged' }), '1 file · proven · pull request #7: merged');
    assert.equal(
      text(true, { state: 'draft', review: 'none', checks: [], comments: 0 }),
      '1 file · proven · pull request #7: draft',
    );
    assert.doesNotMatch(text(false), /pull request/);
  });

  it('names the files that one of two trees changed once, a renamed one under both names', () => {
    const renamed = file('new.ts', { kind: 'renamed', basePath: 'old.ts' });
    assert.deepEqual(comparedPaths([file('b'), file('a')], [file('b'), renamed]), ['a', 'b', 'new.ts', 'old.ts']);
  });

  it("shows the kind of a file's change as a letter and as a word", () => {
    assert.equal(fileDescription(file('src/a.ts')), 'M · +2 −1 · src');
    assert.equal(fileDescription(file('b.bin', { kind: 'added', added: null, removed: null })), 'A');
    assert.equal(
      fileDescription(file('c.ts', { kind: 'renamed', basePath: 'old.ts', added: 0, removed: 0 })),
      'R · +0 −0 · was old.ts',
    );
    assert.equal(
      fileSpoken(file('src/a.ts', { kind: 'deleted', added: 0, removed: 9 })),
      'src/a.ts, deleted, 0 lines added, 9 removed',
    );
  });

  it('has a next and a previous file, wraps around at the end, and works from a file that is no longer changed', () => {
    const files = [file('a'), file('b'), file('c')];
    assert.deepEqual(
      [neighbour(files, '/w/a', 1)?.path, neighbour(files, '/w/c', 1)?.path, neighbour(files, '/w/a', -1)?.path],
      ['b', 'a', 'c'],
    );
    assert.deepEqual(
      [neighbour(files, '/gone', 1)?.path, neighbour(files, '/gone', -1)?.path, neighbour([], '/w/a', 1)],
      ['a', 'c', undefined],
    );
  });
});
