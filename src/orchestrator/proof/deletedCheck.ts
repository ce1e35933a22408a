import type { Git } from '../../environment/git/git';
import { commitOf } from '../../environment/git/projectRepository';

/** Names by which test runners of common languages find tests: `a.test.ts`, `b_spec.rb`, `test_c.py`, `DTest.java`. */
const BY_NAME = /(?:[._-](?:tests?|spec)\.[^./]+|(?:^|\/)test_[^/]*\.py|(?:Tests?|Spec)\.[^./]+)$/;
const BY_FOLDER = /(?:^|\/)(?:tests?|__tests__|spec)\//;

/** Finds checks that pass only because an agent deleted what they run. */
export class DeletedCheck {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
  ) {}

  /**
   * Returns what an agent's commit deleted of its check, as the end of a sentence: `its file ok.txt was deleted`; empty
   * for nothing. The commit is compared with the one on which the agent began.
   */
  async describe(command: readonly string[], workspace: string, commit: string): Promise<string> {
    const project = await commitOf(this.git, this.projectDir, 'HEAD');
    if (project === null) return '';
    const begun = await this.git.run(workspace, ['merge-base', commit, project]);
    const base = begun.ok ? begun.out : project;
    for (const word of command) {
      if (word.startsWith('-') || word.startsWith('/')) continue;
      const has = async (rev: string): Promise<boolean> =>
        (await this.git.run(workspace, ['cat-file', '-e', `${rev}:./${word}`])).ok;
      if ((await has(base)) && !(await has(commit))) return `its file ${word} was deleted`;
    }
    // Some test runners pass without a test.
    const before = testFiles(await this.files(workspace, base));
    if (before.length === 0 || testFiles(await this.files(workspace, commit)).length > 0) return '';
    return `every test was deleted (${before.slice(0, 3).join(', ')})`;
  }

  private async files(workspace: string, rev: string): Promise<readonly string[]> {
    const listed = await this.git.run(workspace, ['ls-tree', '-r', '--name-only', '-z', rev]);
    return listed.raw.split('\0').filter(Boolean);
  }
}

/**
 * Returns the test files among paths. Where no file has the name of a test, every file in a folder of tests counts: such
 * a folder has data as well.
 */
export function testFiles(paths: readonly string[]): readonly string[] {
  const named = paths.filter((path) => BY_NAME.test(path));
  return named.length > 0 ? named : paths.filter((path) => BY_FOLDER.test(path));
}
