/** An agent's own working tree in its current state. */
export interface Worktree {
  /** `session/agent`. */
  readonly name: string;
  /** Its folder, real path. */
  readonly path: string;
  /** Empty while its HEAD is detached. */
  readonly branch: string;
  /** The reason why a removal would lose something; empty when nothing would be lost. */
  readonly keeps: string;
  /** Number of commits that the project's HEAD lacks. */
  readonly ahead: number;
}
