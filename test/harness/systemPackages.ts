/**
 * Programs from system packages: found on the PATH, otherwise installed by apt where permitted, otherwise named with
 * the exact command.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './processes';

export interface Tool {
  readonly title: string;
  /** Any of these on the PATH suffices. */
  readonly commands: readonly string[];
  /** Debian and Ubuntu packages that contain it. */
  readonly packages: readonly string[];
  /**
   * The package includes a service that is reachable over the network. Where services start, it is installed
   * automatically only in CI.
   */
  readonly serves?: true;
}

export const tools = {
  tmux: { title: 'tmux', commands: ['tmux'], packages: ['tmux'] },
  redis: { title: 'Redis', commands: ['redis-server', 'valkey-server'], packages: ['redis-server'] },
  chromium: { title: 'Chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'], packages: ['chromium'] },
  git: { title: 'git', commands: ['git'], packages: ['git'] },
  make: { title: 'make', commands: ['make'], packages: ['make'] },
  compiler: { title: 'a C++ compiler', commands: ['g++', 'c++', 'clang++'], packages: ['g++'] },
  ssh: { title: 'an SSH client', commands: ['ssh'], packages: ['openssh-client'] },
  sshd: { title: 'an SSH server', commands: ['sshd'], packages: ['openssh-server'], serves: true },
  python: { title: 'Python 3', commands: ['python3'], packages: ['python3'] },
} as const satisfies Record<string, Tool>;

/** Folders of servers, which are not on every user's PATH. */
const SERVERS = ['/usr/local/sbin', '/usr/sbin'];

/** Returns the first of `commands` on the PATH, or among the system's servers; undefined when there is none. */
export function which(commands: readonly string[]): string | undefined {
  for (const command of commands) {
    for (const dir of [...(process.env['PATH'] ?? '').split(delimiter), ...SERVERS]) {
      const path = join(dir, command);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** A requirement that this machine cannot meet; `message` contains the command that the user can run. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
}

/** Returns how to run apt here without a password; null when that is not possible. */
async function aptPrefix(): Promise<readonly string[] | null> {
  if (!which(['apt-get'])) return null;
  if (process.getuid?.() === 0) return [];
  if (!which(['sudo'])) return null;
  const { code } = await run('sudo', ['-n', 'true'], { timeoutMs: 10_000 });
  return code === 0 ? ['sudo', '-n'] : null;
}

/**
 * Ensures that every tool exists. Throws NeedError with the command to run when one is missing and may not be
 * installed.
 */
export async function ensureTools(wanted: readonly Tool[]): Promise<void> {
  const missing = wanted.filter((tool) => !which(tool.commands));
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => tool.packages);
  const titles = missing.map((tool) => tool.title).join(', ');
  const byHand =
    process.platform === 'darwin'
      ? `brew install ${packages.join(' ')}`
      : `sudo apt-get install -y ${packages.join(' ')}`;
  const isOpened = missing.some(({ serves }) => serves) && !process.env['CI'] && existsSync('/run/systemd/system');
  const prefix = isOpened ? null : await aptPrefix();
  if (!prefix) throw new MissingPackageError(`${titles} missing. Install it: ${byHand}`);

  console.log(`Installing ${titles} (apt-get install ${packages.join(' ')}) …`);
  const apt = async (...args: string[]) => {
    const [command = 'apt-get', ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-y',
      '-qq',
      ...args,
    ];
    return await run(command, rest, { timeoutMs: 1_200_000 });
  };
  const install = () => apt('install', '--no-install-recommends', ...packages);
  let result = await install();
  if (result.code !== 0) {
    await apt('update'); // the package lists may be old or absent
    result = await install();
  }
  const still = missing.filter((tool) => !which(tool.commands)).map((tool) => tool.title);
  if (still.length > 0)
    throw new MissingPackageError(
      `${still.join(', ')} could not be installed: ${byHand}\n${result.output.split('\n').slice(-8).join('\n')}`,
    );
}

/**
 * As `ensureTools`, for tools that only some files of a suite need. These files skip themselves where it is missing,
 * and the reason is printed. In CI nothing may be missing.
 */
export async function tryTools(wanted: readonly Tool[]): Promise<void> {
  try {
    await ensureTools(wanted);
  } catch (error) {
    if (!(error instanceof MissingPackageError) || process.env['CI']) throw error;
    console.log(`  what needs it is skipped: ${error.message}`);
  }
}
