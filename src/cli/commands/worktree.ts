/**
 * The agents' git worktrees. Only the user may run commands that change the user's own tree or could lose an agent's
 * work.
 */
import { isInUse } from '../../core/agents/agentPath';
import { oneLine } from '../../core/base/truncate';
import { errors } from '../../core/errors/errors';
import { isTacoError } from '../../core/errors/tacoError';
import type { Worktree } from '../../environment/git/worktreeList';
import { Worktrees } from '../../environment/git/worktrees';
import { columnsOf } from '../output/terminalText';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { commandTeam } from '../runtime/openTeam';
import { mergeProven, provenWork } from './proof/mergeProven';

function worktreesOf(context: CommandContext): Worktrees {
  const { dir, id, paths } = context.project();
  return new Worktrees(dir, paths.worktreesDir(id), context.io.env);
}

export async function worktreeList(context: CommandContext): Promise<CommandResult> {
  const worktrees = await worktreesOf(context).list();
  const rows = worktrees.map(({ name, branch, ahead, keeps, path }) => [
    oneLine(name),
    oneLine(branch) || '(no branch)',
    String(ahead),
    keeps || 'clean',
    oneLine(path),
  ]);
  return {
    json: { worktrees },
    text:
      rows.length === 0
        ? 'No worktrees.'
        : columnsOf([['NAME', 'BRANCH', 'AHEAD', 'STATE', 'FOLDER'], ...rows]).join('\n'),
  };
}

export async function worktreeDiff(context: CommandContext): Promise<CommandResult> {
  const worktrees = worktreesOf(context);
  const { patch, untracked } = await worktrees.diff(await worktrees.find(context.invocation.argument(0)));
  const fresh = untracked.length > 0 ? [`New, not added: ${untracked.join(', ')}`] : [];
  return {
    json: { patch, untracked },
    text: [...(patch === '' ? [] : [patch]), ...fresh].join('\n') || 'No difference.',
  };
}

export async function worktreeMerge(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a merge');
  const proven = await provenWork(context);
  if (proven !== null) return mergeProven(context, proven);
  const worktrees = worktreesOf(context);
  const worktree = await worktrees.find(context.invocation.argument(0));
  const { commits, warnings } = await worktrees.merge(worktree, interruption(context));
  const left = worktree.keeps === '' ? [] : [`It still ${worktree.keeps}: not merged.`];
  const done =
    commits === 0
      ? `${worktree.branch} has nothing that is not merged already.`
      : `Merged ${worktree.branch} (${commits} commit${commits === 1 ? '' : 's'}).`;
  return {
    json: { merged: worktree.branch, commits, left: worktree.keeps, warnings },
    text: [done, ...warnings, ...left].join('\n'),
  };
}

/**
 * Returns a signal that Ctrl-C aborts. Ctrl-C then does not end TACO itself: a merge that was begun is undone first.
 */
function interruption(context: CommandContext): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, interrupt);
    context.add({ dispose: () => void process.off(signal, interrupt) });
  }
  return controller.signal;
}

/** Returns whether a running agent works in it; false when no session can be read. */
async function isBusy(context: CommandContext, { path }: Worktree): Promise<boolean> {
  try {
    const { agents } = await (await commandTeam(context)).snapshot();
    return isInUse(path, agents);
  } catch (error) {
    if (isTacoError(error, 'redis-unreachable')) return false;
    throw error;
  }
}

export async function worktreeRemove(context: CommandContext): Promise<CommandResult> {
  const force = context.invocation.flag('force');
  if (force) requireUser(context, 'a forced removal');
  const worktrees = worktreesOf(context);
  const worktree = await worktrees.find(context.invocation.argument(0));
  if (await isBusy(context, worktree))
    throw errors.worktreeRefused(`An agent works in ${worktree.name}.`, 'Stop the agent first.');
  const { savedAs, branchKept } = await worktrees.remove(worktree, force);
  const saved = savedAs === '' ? '' : ` What was not committed is kept as ${savedAs} (see it: git show ${savedAs}).`;
  const branchNote = branchKept === '' ? '' : ` Its branch ${branchKept} stays: it has commits that are not merged.`;
  return {
    json: { removed: worktree.name, savedAs, branchKept },
    text: `${worktree.name} is removed.${saved}${branchNote}`,
  };
}
