/** A copy of the sample project, so that nobody's agents work in the original. */
import { cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Copies test/fixtures/sample-workspace to a new folder below `parent`; its real path (projects are named by that). */
export function copySampleWorkspace(root: string, parent: string): string {
  const dir = realpathSync(mkdtempSync(join(parent, 'sample-')));
  cpSync(join(root, 'test', 'fixtures', 'sample-workspace'), dir, { recursive: true });
  return dir;
}
