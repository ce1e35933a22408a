import { randomBytes } from 'node:crypto';
import type { CommandType, Priority, When } from '../models';

export interface NewCommand {
  readonly id: string;
  readonly type: CommandType;
  readonly target: string;
  readonly message: string;
  readonly priority: Priority;
  /** When a working agent gets it; absent: as the team's setting says. */
  readonly when?: When;
  readonly timestamp: string;
  readonly sender: string;
  /** The sender's proof: the secret from its launch; null for the user in a shell. */
  readonly secret: string | null;
  /** True: an earlier try may have been taken, since its answer did not come. */
  readonly unsure?: boolean;
}

/** Sender: the user, TACO, or an agent (Mother is window 0) with the secret from its launch. */
export type Sender =
  | { readonly kind: 'user' }
  | { readonly kind: 'agent'; readonly window: number; readonly secret: string }
  | { readonly kind: 'taco' };

export interface SendInput {
  readonly from: Sender;
  /**
   * An agent's name (any case), its window number, `AGENT-4`, `mother`, `user` or `all` (every agent except the
   * sender).
   */
  readonly to: string;
  /** Text without prefix: TACO adds `[FROM → TO]: `. A text of type `slash` is typed unchanged. */
  readonly text: string;
  readonly type?: CommandType;
  readonly priority?: Priority;
  /** When a working agent gets it; absent: as the team's setting says. */
  readonly when?: When;
  /** Id created by the caller, for one receiver; the same id sent again is the same message. */
  readonly id?: string;
}

/**
 * Returns a new command id. The caller creates it before the first send, so that a repeat is never a second message.
 */
export function newCommandId(): string {
  return `cmd_${Date.now().toString(36)}${randomBytes(8).toString('hex')}`;
}
