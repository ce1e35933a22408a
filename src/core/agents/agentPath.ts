/** How an agent names what a person sees in the editor: by a path from its own folder, with lines as they are in its own copy. */
import { isAbsolute, join, relative } from 'node:path';

export interface AgentFilePath {
  /** What the agent is told: relative to its folder where that means the same file, else absolute. */
  readonly path: string;
  /** Absolute path of the file that the agent finds there: its own copy when it works in a worktree. */
  readonly file: string;
}

/** Lines from 1, both included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** The path of `file` below `folder`, or null when it is not below it. Both absolute. */
export function pathBelow(folder: string, file: string): string | null {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? null : path;
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

/** Where whole lines stand in a text, nearest to line `near` when they stand there more than once; null when they do not. */
export function linesOf(excerpt: string, text: string, near: number): Lines | null {
  const wanted = excerpt.split(/\r?\n/);
  const lines = text.split(/\r?\n/);
  const starts = [...lines.keys()].filter((start) => wanted.every((line, index) => lines[start + index] === line));
  const [nearest] = starts.sort((a, b) => Math.abs(a + 1 - near) - Math.abs(b + 1 - near));
  return nearest === undefined ? null : { first: nearest + 1, last: nearest + wanted.length };
}

/** `src/a.ts`, `src/a.ts:7` or `src/a.ts:7-9`. */
export function placeText(path: string, lines: Lines | null): string {
  if (lines === null) return path;
  return lines.first === lines.last ? `${path}:${lines.first}` : `${path}:${lines.first}-${lines.last}`;
}
