/** The command that installs a program on this machine, for the user to read and run. TACO never runs it. */
import { findExecutable } from './executables';

export type Installable = 'tmux' | 'redis' | 'git' | 'agent';

const PACKAGES: Readonly<Record<Exclude<Installable, 'agent'>, { readonly debian: string; readonly other: string }>> = {
  tmux: { debian: 'tmux', other: 'tmux' },
  redis: { debian: 'redis-server', other: 'redis' },
  git: { debian: 'git', other: 'git' },
};

/** Returns the command for the installed package manager; Debian's when none is known. */
export async function installCommand(
  tool: Installable,
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  if (tool === 'agent') return 'npm install -g @anthropic-ai/claude-code';
  const { debian, other } = PACKAGES[tool];
  const has = async (name: string): Promise<boolean> => (await findExecutable(name, path)) !== null;
  if (platform === 'darwin') return `brew install ${other}`;
  if (await has('apt-get')) return `sudo apt-get install -y ${debian}`;
  if (await has('dnf')) return `sudo dnf install -y ${other}`;
  if (await has('pacman')) return `sudo pacman -S ${other}`;
  if (await has('apk')) return `sudo apk add ${other}`;
  if (await has('brew')) return `brew install ${other}`;
  return `sudo apt-get install -y ${debian}`;
}
