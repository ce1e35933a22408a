/** Request to make an agent of a pane that the user started by hand. */
export interface AdoptRequest {
  /** tmux pane id, `%12`. */
  readonly pane: string;
  readonly name: string;
  /** The agent CLI; absent: the first that matches. */
  readonly profile?: string;
  /** The CLI's own conversation id, so that a relaunch continues the conversation. */
  readonly conversation?: string;
}

/** Requests of users and tools to the leader. Any process posts them; the leader executes them. */
export type ControlRequest =
  /** With `plan` (any text that `parsePlan` reads) that plan goes to review, and TACO does not ask Mother for one. */
  | {
      readonly kind: 'start';
      readonly goal: string;
      readonly plan?: string;
      /** Created by the requester, which recognises its own session by it. */
      readonly ticket?: string;
      /** True: a valid first plan is approved at once. Absent: the leader's settings decide. */
      readonly autoApprove?: boolean;
    }
  /**
   * `review`: the `at` of the plan under review that is approved, possibly as the user edited it. Absent: `plan` is
   * given in its place.
   */
  | { readonly kind: 'approve'; readonly plan: unknown; readonly review?: number }
  | { readonly kind: 'reject'; readonly note: string }
  | { readonly kind: 'submit-plan'; readonly text: string }
  | { readonly kind: 'relaunch'; readonly window: number }
  /** Resumes the team of a session whose tmux session is gone. */
  | { readonly kind: 'resume' }
  /** Budget of the team, US dollars, past cost included; 0: no limit. */
  | { readonly kind: 'budget'; readonly usd: number }
  /** Nothing is typed into any agent, and working agents are interrupted. */
  | { readonly kind: 'pause-team' }
  /** Ends a pause; one agent of each limited account tries again at once. */
  | { readonly kind: 'resume-team' }
  | ({ readonly kind: 'adopt' } & AdoptRequest)
  /** Removes a host that will not come back, and its agents. */
  | { readonly kind: 'forget-host'; readonly host: string }
  | { readonly kind: 'stop-agent'; readonly window: number }
  | { readonly kind: 'report-done'; readonly window: number; readonly text: string }
  /** Runs the check of an agent again, or ends the one that runs. */
  | { readonly kind: 'run-check'; readonly window: number }
  | { readonly kind: 'cancel-check'; readonly window: number }
  /** Counts the work of an agent as done without its check. */
  | { readonly kind: 'accept-work'; readonly window: number }
  /**
   * Merges the work of these agents, or all proven work when the list is empty. `ticket` is created by the requester,
   * which recognises its own run by it.
   */
  | { readonly kind: 'merge'; readonly agents: readonly string[]; readonly ticket: string }
  | { readonly kind: 'stop' };
