/** Copies the sample project, so that no agents work in the original. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies test/fixtures/sample-workspace to a new folder below `parent`; returns its real path (which identifies the
 * project).
 */
export function copySampleWorkspace(root: string, parent: string): string {
  const dir = realpathSync(mkdtempSync(join(parent, 'sample-')));
  cpSync(join(root, 'test', 'fixtures', 'sample-workspace'), dir, { recursive: true });
  return dir;
}

/** Makes a copy a git repository with one commit, also for a user without a name in git. */
export function makeRepository(dir: string): void {
  const me = ['-c', 'user.name=TACO', '-c', 'user.email=taco@localhost', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '--all'],
    ['commit', '-q', '-m', 'The sample'],
  ])
    execFileSync('git', [...me, ...args], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
}
