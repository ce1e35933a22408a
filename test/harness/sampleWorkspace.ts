/** Copies the sample project, so that no agents work in the original. */
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
