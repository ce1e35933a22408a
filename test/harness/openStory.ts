/** The frame of a story: which VS Code, which folder, and a window that is closed whatever happens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentVsix } from './packageSuite';
import { copySampleWorkspace } from './sampleWorkspace';
import { NEWEST, VSCODE_VERSIONS, type VsCodeVersion } from './vscodeInstall';
import type { VsCodeOptions } from './vscodeServer';
import { Workbench } from './workbench';

/** The version that this run is about: `TACO_VSCODE_VERSION`, else the newest. */
export function storyVersion(): VsCodeVersion {
  const wanted = process.env['TACO_VSCODE_VERSION'] ?? NEWEST;
  if (!(wanted in VSCODE_VERSIONS)) throw new Error(`No VS Code ${wanted} in the test bed.`);
  return wanted as VsCodeVersion;
}

export interface StoryWindow {
  readonly workbench: Workbench;
  /** A copy of the sample workspace of its own. */
  readonly workspace: string;
  close(): Promise<void>;
}

/** A window with our extension, installed from its package, on a fresh copy of the sample workspace. On failure nothing stays open. */
export async function openStory(options: Partial<VsCodeOptions> = {}, root = process.cwd()): Promise<StoryWindow> {
  const parent = mkdtempSync(join(tmpdir(), 'taco-story-'));
  const remove = () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
  try {
    const workspace = copySampleWorkspace(root, parent);
    const source = options.vsix || options.extensionDir ? {} : { vsix: (await currentVsix(root)).path };
    const workbench = await Workbench.open({ version: storyVersion(), workspace, ...source, ...options }, root);
    const close = async () => {
      await workbench.close();
      remove();
    };
    return { workbench, workspace, close };
  } catch (error) {
    remove();
    throw error;
  }
}
