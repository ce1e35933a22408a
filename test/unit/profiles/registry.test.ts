import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'mocha';
import { BUILT_IN_CLIS, profileOf } from '../../../src/profiles/registry';
import { sameTextOf } from '../../../src/profiles/textEquality';
import { ALL_CLIS } from '../../conformance/clis/all';

describe('a profile of the registry', () => {
  for (const name of BUILT_IN_CLIS) {
    it(`is checked by its own text equality and by the conformance suite: ${name}`, () => {
      assert.equal(sameTextOf(name), profileOf(name)?.sameText);
      assert.ok(
        ALL_CLIS.some((cli) => cli.name === name),
        'add it to test/conformance/clis/all.ts',
      );
    });
  }

  it('has a folder with its name', () => {
    const folder = (name: string): string => (name === 'opencode' ? 'openCode' : name);
    assert.deepEqual(
      BUILT_IN_CLIS.filter((name) => !existsSync(`src/profiles/${folder(name)}/profile.ts`)),
      [],
    );
  });
});
