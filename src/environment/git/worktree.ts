/** An agent's own working tree, as it stands. */
export interface Worktree {
  /** `session/agent`. */
  readonly name: string;
  /** Its folder, real path. */
  readonly path: string;
  /** Empty while its HEAD is detached. */
  readonly branch: string;
  /** Why it cannot be removed without losing something; empty: it can. */
  readonly keeps: string;
  /** Commits that the project's HEAD does not have. */
  readonly ahead: number;
}
