import assert from 'node:assert/strict';
import { testFiles } from '../../../../src/orchestrator/proof/deletedCheck';

describe('the names of test files', () => {
  it('are those that the runners of common languages find', () => {
    const tests = [
      'a.test.ts',
      'src/b.spec.tsx',
      'pkg/c_test.go',
      'spec/d_spec.rb',
      'tests/test_e.py',
      'src/FTest.java',
      'GTests.cs',
      'h-test.js',
    ];
    const others = ['latest.ts', 'contest.py', 'src/testing.ts', 'test.md/a', 'tests/data.json', 'Manifest.json', ''];
    assert.deepEqual(testFiles([...others, ...tests]), tests);
  });

  it('are all files in a folder of tests where none has the name of a test', () => {
    assert.deepEqual(testFiles(['src/a.c', 'tests/a.c', 'lib/__tests__/b.js', 'contests/c.c']), [
      'tests/a.c',
      'lib/__tests__/b.js',
    ]);
    assert.deepEqual(testFiles(['src/a.c']), []);
  });
});
