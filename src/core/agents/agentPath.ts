/** File locations for agents: paths relative to the agent's folder, line numbers of the agent's own copy. */
import { isAbsolute, join, relative } from 'node:path';

export interface AgentFilePath {
  /** Path for the agent: relative to its folder if that is the same file, else absolute. */
  readonly path: string;
  /** Absolute path of the file that the agent opens: its own copy when it works in a worktree. */
  readonly file: string;
}

/** First and last line, both included; lines count from 1. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Returns the path of `file` relative to `folder`, or null if it is not below it. Both are absolute. */
export function pathBelow(folder: string, file: string): string | null {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? null : path;
}

/** Returns whether an agent whose process runs works in this folder or below it. */
export function isInUse(
  folder: string,
  agents: readonly { readonly workspace: string; readonly status: string }[],
): boolean {
  return agents.some(
    ({ workspace, status }) =>
      (workspace === folder || pathBelow(folder, workspace) !== null) && status !== 'exited' && status !== 'failed',
  );
}

/**
 * @param file absolute, real path
 * @param workspace the agent's folder: the project's, or one as deep in a worktree as the project is in its repository
 */
export function placeFor(file: string, workspace: string, projectDir: string): AgentFilePath {
  const own = pathBelow(workspace, file);
  if (own !== null) return { path: own, file };
  const shared = pathBelow(projectDir, file);
  if (shared !== null) return { path: shared, file: join(workspace, shared) };
  return { path: file, file };
}

/** Finds whole lines in a text and returns the occurrence nearest to line `near`, or null. */
export function linesOf(excerpt: string, text: string, near: number): Lines | null {
  const wanted = excerpt.split(/\r?\n/);
  const lines = text.split(/\r?\n/);
  const starts = [...lines.keys()].filter((start) => wanted.every((line, index) => lines[start + index] === line));
  const [nearest] = starts.sort((a, b) => Math.abs(a + 1 - near) - Math.abs(b + 1 - near));
  return nearest === undefined ? null : { first: nearest + 1, last: nearest + wanted.length };
}

/** Returns `src/a.ts`, `src/a.ts:7` or `src/a.ts:7-9`. */
export function placeText(path: string, lines: Lines | null): string {
  if (lines === null) return path;
  return lines.first === lines.last ? `${path}:${lines.first}` : `${path}:${lines.first}-${lines.last}`;
}
