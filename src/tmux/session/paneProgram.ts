/**
 * The program of a pane: tmux executes argv as it is, without a shell, in the session's folder. The program must set
 * its own environment and folder. tmux would merge the environment with that of the server. In a folder name it would
 * run commands.
 */
export interface PaneProgram {
  readonly argv: readonly string[];
  /** Launch mark of the pane, set when the program is started in it. */
  readonly launch?: string;
}

/** With two or more arguments tmux executes argv itself. It would pass a single one to a shell, hence `env`. */
export function programArguments({ argv }: PaneProgram): readonly string[] {
  return ['env', ...argv];
}
