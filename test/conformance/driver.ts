import type { SenderKind } from './types';

/** A message that a sender was given. */
export interface Sent {
  /** Exactly what was handed over: the model is to get this. */
  readonly text: string;
  /** When, milliseconds since the epoch. */
  readonly at: number;
  /** What the sender says of it now: has it ended, is it reported as received, and in its own words. */
  report(): Promise<{ readonly ended: boolean; readonly success: boolean; readonly words: string }>;
  /** Why it is held now; empty when it is not, or when the sender knows no holds. */
  held(): Promise<string>;
}

/** One agent: a real CLI in a pane, and a sender that types into it. */
export interface Seat {
  readonly kind: SenderKind;
  /** What stands before a message: `[USER → AGENT-3]: `. */
  readonly envelope: string;
  /** Its conversation: `--session-id`. */
  readonly sessionId: string;
  readonly pane: string;
  /** A tmux client of the person's: a process of its own on the same server. */
  tmux(...args: string[]): Promise<string>;
  /** Arguments before the command of such a client, and its environment. */
  readonly tmuxPrefix: readonly string[];
  readonly tmuxEnv: Readonly<Record<string, string>>;
  send(text: string): Promise<Sent>;
  /** Messages for it that the sender has not ended with. */
  waiting(): Promise<number>;
  /** Ends what runs in the pane and starts the CLI there again, in the same conversation; does not wait for it. */
  relaunch(): Promise<void>;
  /** Leaves an interactive shell in the pane instead of the CLI. */
  leaveShell(): Promise<void>;
}
