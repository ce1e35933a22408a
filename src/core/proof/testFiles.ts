/** Names by which test runners of common languages find tests: `a.test.ts`, `b_spec.rb`, `test_c.py`, `DTest.java`. */
const BY_NAME = /(?:[._-](?:tests?|spec)\.[^./]+|(?:^|\/)test_[^/]*\.py|(?:Tests?|Spec)\.[^./]+)$/;
const BY_FOLDER = /(?:^|\/)(?:tests?|__tests__|spec)\//;

/**
 * Returns the test files among paths. Where no file has the name of a test, every file in a folder of tests counts: such
 * a folder has data as well.
 */
export function testFiles(paths: readonly string[]): readonly string[] {
  const named = paths.filter((path) => BY_NAME.test(path));
  return named.length > 0 ? named : paths.filter((path) => BY_FOLDER.test(path));
}
