import { testFiles } from '../../core/proof/testFiles';
import type { Git } from '../../environment/git/git';
import { commitOf } from '../../environment/git/projectRepository';

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
