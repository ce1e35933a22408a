/** Checks of the surroundings that could spoil a team, for `taco doctor` and *Run Doctor*, each with its cure. They change nothing. */
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { localizable } from '../../core/base/localizedText';
import { connectLight } from '../../redis/client/connectLight';
import { parseEndpoint } from '../../redis/client/endpoint';
import { evictionPolicy } from '../../redis/server/evictionPolicy';
import { Git } from '../git/git';
import type { DoctorCheck, SurroundingsPlace } from './doctorCheck';
import { inspectHome } from './homeSafety';
import { checkTmuxSurroundings } from './tmuxSurroundings';

const MB = 1024 * 1024;
const DISK_WARNING_MB = 500;
const DISK_ERROR_MB = 50;
const REDIS_TIMEOUT_MS = 1500;
/** Hooks that git runs while TACO makes or merges a worktree. */
const GIT_HOOKS = ['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-checkout'];

/** All checks, in a fixed order. Never throws; what does not apply here is left out. */
export async function checkSurroundings(place: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  const checks = await Promise.all([
    checkHomeSafe(place),
    checkDisk(place),
    checkTmuxSurroundings(place),
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

async function checkEviction({ redisUrl }: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  if (redisUrl === undefined) return [];
  try {
    const client = await connectLight(parseEndpoint(redisUrl), {
      connectTimeoutMs: REDIS_TIMEOUT_MS,
      commandTimeoutMs: REDIS_TIMEOUT_MS,
    });
    try {
      const policy = await evictionPolicy(client);
      const title = localizable`Eviction in Redis`;
      if (policy === null)
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
