import type * as vscode from 'vscode';

/** Unsent comments at one place. Lines count from 0. */
export interface StoredThread {
  readonly uri: string;
  readonly first: number;
  readonly last: number;
  readonly comments: readonly string[];
}

const KEY = 'taco.review';

/** Stores unsent comments for this workspace, across a reload. */
export class ReviewStore {
  constructor(private readonly memento: vscode.Memento) {}

  /** Reads the stored threads and leaves out those it cannot parse (an older version wrote them). */
  read(): readonly StoredThread[] {
    const stored = this.memento.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isStoredThread) : [];
  }

  write(threads: readonly StoredThread[]): void {
    void this.memento.update(KEY, threads.length === 0 ? undefined : threads);
  }
}

function isStoredThread(value: unknown): value is StoredThread {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, first, last, comments } = value as Partial<Record<keyof StoredThread, unknown>>;
  return (
    typeof uri === 'string' &&
    Number.isInteger(first) &&
    Number.isInteger(last) &&
    Array.isArray(comments) &&
    comments.every((each) => typeof each === 'string')
  );
}
