/** What around TACO could spoil a team: checks for `taco doctor` and *Run Doctor*, each with its cure. They change nothing. */
import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { localizable, type LocalizableText } from '../../core/base/localizedText';
import type { TacoPaths } from '../../core/programs/paths';
import { connectLight } from '../../redis/client/connectLight';
import { parseEndpoint } from '../../redis/client/endpoint';
import { runTmux } from '../../tmux/client/runTmux';
import { Git } from '../git/git';
import { inspectHome } from './homeSafety';

export interface DoctorCheck {
  /** Stable: `home-safe`, `disk`, `tmux-restore` … */
  readonly id: string;
  readonly title: LocalizableText;
  /** `warning`: a team works, and what may go wrong is in `detail`. */
  readonly state: 'ok' | 'warning' | 'error';
  readonly detail: LocalizableText;
  /** What to do; null when nothing is to be done. */
  readonly cure: LocalizableText | null;
}

export interface SurroundingsPlace {
  readonly paths: TacoPaths;
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tmuxCommand: string;
  readonly tmuxSocket: string;
  /** Redis URL that was set; undefined: TACO's own, which evicts nothing. */
  readonly redisUrl: string | undefined;
}

const MB = 1024 * 1024;
const DISK_WARNING_MB = 500;
const DISK_ERROR_MB = 50;
const REDIS_TIMEOUT_MS = 1500;
/** Plugins that start the user's saved sessions in every new tmux server, TACO's too. */
const RESTORE = /^(?!\s*#).*(?:tmux-(?:continuum|resurrect)|@continuum-restore|@resurrect-)/m;
/** Commands of a hook that make, replace or move panes, or run programs. */
const FOREIGN_HOOK =
  /^(\S+?)(?:\[\d+\])? .*\b(?:respawn-(?:pane|window)|split-window|new-window|kill-\w+|run-shell|if-shell|move-\w+)\b/;
/** Hooks that git runs while TACO makes or merges a worktree. */
const GIT_HOOKS = ['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-checkout'];

/** All checks, in a fixed order. Never throws; what does not apply here is left out. */
export async function checkSurroundings(place: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  const checks = await Promise.all([
    checkHomeSafe(place),
    checkDisk(place),
    checkRestorePlugins(place),
    checkTmuxHooks(place),
    checkEviction(place),
    checkGit(place),
  ]);
  return checks.flat();
}

async function checkHomeSafe({ paths }: SurroundingsPlace): Promise<DoctorCheck> {
  const title = localizable`Safety of TACO's folder`;
  const [problem] = await inspectHome(paths);
  if (!problem)
    return { id: 'home-safe', title, state: 'ok', detail: localizable`only you can write to it`, cure: null };
  const detail = localizable`${problem.path}: ${problem.reason}`;
  return { id: 'home-safe', title, state: problem.isRepairable ? 'warning' : 'error', detail, cure: problem.cure };
}

async function checkDisk({ paths }: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  const facts = await statfs(paths.home).catch(() => null);
  if (!facts) return [];
  const free = Math.floor((facts.bavail * facts.bsize) / MB);
  const state = free < DISK_ERROR_MB ? 'error' : free < DISK_WARNING_MB ? 'warning' : 'ok';
  return [
    {
      id: 'disk',
      title: localizable`Free disk space`,
      state,
      detail: localizable`${free} MB free at ${paths.home}`,
      cure: state === 'ok' ? null : localizable`Free some space, or set TACO_HOME to another disk.`,
    },
  ];
}

async function checkRestorePlugins({ env }: SurroundingsPlace): Promise<DoctorCheck> {
  const title = localizable`tmux plugins that restore sessions`;
  const home = env['HOME'] ?? '';
  const files = [join(home, '.tmux.conf'), join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'tmux', 'tmux.conf')];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (!RESTORE.test(text)) continue;
    return {
      id: 'tmux-restore',
      title,
      state: 'warning',
      detail: localizable`${file} loads tmux-continuum or tmux-resurrect, which may start your saved sessions in TACO's tmux server`,
      cure: localizable`Load it only in your own server: ${'if-shell \'[ -z "$TACO_HOME" ]\' …'}, or switch off @continuum-restore.`,
    };
  }
  return { id: 'tmux-restore', title, state: 'ok', detail: localizable`none in your tmux.conf`, cure: null };
}

async function checkTmuxHooks({ tmuxCommand, tmuxSocket, env }: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  const printed = await runTmux(
    tmuxCommand,
    ['-L', tmuxSocket, 'show-hooks', '-g', ';', 'show-hooks', '-gw'],
    env,
  ).catch(() => null);
  if (printed === null) return []; // No server runs, so it has no hooks.
  const names = printed.split('\n').flatMap((line) => FOREIGN_HOOK.exec(line)?.[1] ?? []);
  const title = localizable`Hooks of TACO's tmux server`;
  if (names.length === 0)
    return [{ id: 'tmux-hooks', title, state: 'ok', detail: localizable`none that change panes`, cure: null }];
  return [
    {
      id: 'tmux-hooks',
      title,
      state: 'warning',
      detail: localizable`your tmux.conf sets hooks that may change agents' panes: ${[...new Set(names)].join(', ')}`,
      cure: localizable`Take them out of your tmux.conf, or run: ${`tmux -L ${tmuxSocket} set-hook -gu ${names[0] ?? ''}`}`,
    },
  ];
}

async function checkEviction({ redisUrl }: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  if (redisUrl === undefined) return [];
  try {
    const client = await connectLight(parseEndpoint(redisUrl), {
      connectTimeoutMs: REDIS_TIMEOUT_MS,
      commandTimeoutMs: REDIS_TIMEOUT_MS,
    });
    try {
      const memory = String(await client.call('INFO', 'memory'));
      const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? '';
      const title = localizable`Eviction in Redis`;
      if (policy === '' || policy === 'noeviction')
        return [{ id: 'redis-eviction', title, state: 'ok', detail: localizable`nothing is evicted`, cure: null }];
      return [
        {
          id: 'redis-eviction',
          title,
          state: 'warning',
          detail: localizable`Redis may evict messages and agents' records (maxmemory-policy ${policy})`,
          cure: localizable`Run: ${'redis-cli CONFIG SET maxmemory-policy noeviction'}`,
        },
      ];
    } finally {
      client.dispose();
    }
  } catch {
    return []; // The check of Redis itself reports why.
  }
}

async function checkGit({ projectDir, env }: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  const git = new Git(env);
  const title = localizable`git in this project`;
  const hooks = await git.run(projectDir, ['rev-parse', '--git-path', 'hooks']);
  if (!hooks.ok) {
    if (!hooks.problem.includes('dubious ownership')) return []; // No repository, or no git.
    const cure = localizable`Run: ${`git config --global --add safe.directory ${projectDir}`}`;
    const detail = localizable`git refuses this repository: it belongs to another user`;
    return [{ id: 'git-ownership', title, state: 'warning', detail, cure }];
  }
  const folder = resolve(projectDir, hooks.out);
  const active = await Promise.all(
    GIT_HOOKS.map(async (name) => ((await isExecutable(join(folder, name))) ? [name] : [])),
  );
  const signs = (await git.run(projectDir, ['config', '--type=bool', '--get', 'commit.gpgsign'])).out === 'true';
  const found: DoctorCheck[] = [];
  if (active.flat().length > 0)
    found.push({
      id: 'git-hooks',
      title,
      state: 'warning',
      detail: localizable`hooks of this repository run when TACO makes or merges a worktree, and may refuse it: ${active.flat().join(', ')}`,
      cure: localizable`Make sure that they pass without a terminal. They are in ${folder}.`,
    });
  if (signs)
    found.push({
      id: 'git-signing',
      title,
      state: 'warning',
      detail: localizable`commits are signed, so a merge fails where the key asks for a passphrase or is not there`,
      cure: localizable`Unlock the key in an agent before you merge, or run: ${'git config commit.gpgsign false'}`,
    });
  return found.length > 0
    ? found
    : [{ id: 'git-hooks', title, state: 'ok', detail: localizable`no hook and no signing blocks it`, cure: null }];
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
