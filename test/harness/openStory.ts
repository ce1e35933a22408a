/** The frame of a story: VS Code version, folder, and a window that is always closed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VSIX_VARIABLE, currentVsix } from './packageSuite';
import { copySampleWorkspace } from './sampleWorkspace';
import { NEWEST, VSCODE_VERSIONS, type VsCodeVersion } from './vscodeInstall';
import type { VsCodeOptions } from './vscodeServer';
import { Workbench } from './workbench';

/** Returns the version of this run: `TACO_VSCODE_VERSION`, otherwise the newest. */
export function storyVersion(): VsCodeVersion {
  const wanted = process.env['TACO_VSCODE_VERSION'] ?? NEWEST;
  if (!(wanted in VSCODE_VERSIONS)) throw new Error(`No VS Code ${wanted} in the test bed.`);
  return wanted as VsCodeVersion;
}

export interface StoryWindow {
  readonly workbench: Workbench;
  /** The story's own copy of the sample workspace. */
  readonly workspace: string;
  close(): Promise<void>;
}

/**
 * Opens a window with TACO's extension, installed from its package, on a fresh copy of the sample workspace. Closes
 * everything on failure.
 */
export async function openStory(options: Partial<VsCodeOptions> = {}, root = process.cwd()): Promise<StoryWindow> {
  const parent = mkdtempSync(join(tmpdir(), 'taco-story-'));
  const remove = () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
  try {
    const workspace = copySampleWorkspace(root, parent);
    const vsix = async (): Promise<string> => process.env[VSIX_VARIABLE] ?? (await currentVsix(root)).path;
    const source = options.vsix || options.extensionDir ? {} : { vsix: await vsix() };
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
