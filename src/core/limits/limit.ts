import * as z from 'zod';

/**
 * Why a model refuses an agent's turn.
 * - `usage-limit`: the quota of a plan or an organisation is used up; `rate-limit`: too many requests for now.
 * - `overloaded`: the provider's servers fail; `network`: they cannot be reached.
 * - `out-of-credit`, `logged-out`: only the user can change that.
 * - `context-full`: the conversation is too long; concerns one agent, all others concern its account.
 */
export const limitKindSchema = z.enum([
  'usage-limit',
  'rate-limit',
  'overloaded',
  'network',
  'out-of-credit',
  'logged-out',
  'context-full',
]);
export type LimitKind = z.infer<typeof limitKindSchema>;

/** A refusal as the agent's CLI reports it. */
export interface Limit {
  readonly kind: LimitKind;
  /** The CLI's own words in one line, at most 300 characters. */
  readonly text: string;
  /** Time of the reset, milliseconds since the epoch; null when the text names none. */
  readonly until: number | null;
  /** The family of models that it concerns, in lower case; absent: all models of the account. */
  readonly model?: string;
}

/** A text of a CLI and its meaning. */
export interface LimitRule {
  readonly kind: LimitKind;
  readonly pattern: RegExp;
}

export interface ErrorMarks {
  /** First line of an error that the CLI shows itself, not its model. */
  readonly error: RegExp;
  /** Lines between the error and the input box that belong to the CLI: a summary of the turn, hints. */
  readonly skipped: RegExp;
}

/** The limits of one agent CLI. */
export interface LimitTexts {
  /** The first rule that matches counts. */
  readonly rules: readonly LimitRule[];
  /** Meaning of the error codes of its hooks, for texts that no rule matches. */
  readonly codes?: Readonly<Record<string, LimitKind>>;
  /** Captures the family of a usage limit that concerns one family of models; absent: its limits concern all models. */
  readonly model?: RegExp;
  /** How its screen shows an error; absent: its hooks report every failed turn. */
  readonly marks?: ErrorMarks;
  /** A dialog that reports a limit and asks how to go on; absent: the CLI has none. */
  readonly dialog?: RegExp;
  /** Slash command that shortens a conversation; absent: the CLI has none. */
  readonly compact?: string;
  /** The step that only the user can take, by kind: `run /login in its terminal`. */
  readonly remedies?: Readonly<Partial<Record<LimitKind, string>>>;
}

/** The report of a hook or a screen on a turn that failed. */
export interface Failure {
  readonly text: string;
  /** The error code of the hook; empty when there is none. */
  readonly code: string;
}
