import type { SenderKind } from './types';

/** A message that was passed to a sender. */
export interface Sent {
  /** The exact text that the model must get. */
  readonly text: string;
  /** Time of sending, milliseconds since the epoch. */
  readonly at: number;
  /**
   * Returns the sender's current report: whether the message has ended, whether it counts as received, and the sender's
   * own words.
   */
  report(): Promise<{ readonly ended: boolean; readonly success: boolean; readonly words: string }>;
  /** Returns why it is held now; empty when it is not held, or when the sender has no holds. */
  held(): Promise<string>;
}

/** One agent: a real CLI in a pane, and a sender that types into it. */
export interface Seat {
  readonly kind: SenderKind;
  /** The prefix of a message: `[USER → AGENT-3]: `. */
  readonly envelope: string;
  /** Its conversation: `--session-id`. */
  readonly sessionId: string;
  readonly pane: string;
  /** Runs a tmux client of the user: a separate process on the same server. */
  tmux(...args: string[]): Promise<string>;
  /** Arguments before the command of such a client, and its environment. */
  readonly tmuxPrefix: readonly string[];
  readonly tmuxEnv: Readonly<Record<string, string>>;
  /** `idle`: not while the agent works. The bare steps know no such wish. */
  send(text: string, when?: 'idle'): Promise<Sent>;
  /** Returns the number of its messages that have not ended. */
  waiting(): Promise<number>;
  /** Ends the process in the pane and starts the CLI there again, in the same conversation; does not wait for it. */
  relaunch(): Promise<void>;
  /** Leaves an interactive shell in the pane instead of the CLI. */
  leaveShell(): Promise<void>;
}
