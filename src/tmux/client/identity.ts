/**
 * The random identity that proves that a tmux session, a pane or a process belongs to a team. A name, a number, a
 * socket path or an age proves nothing.
 */
import { randomBytes } from 'node:crypto';

/**
 * User options with the identity: on the server (`@taco_server_ID`, with the session's own `$N`), on the session and on
 * each pane.
 */
export const SESSION_IDENTITY = '@taco_session';
export const PANE_OWNER = '@taco_owner';
/** Process id that TACO started in the pane; any other process there is not the agent. */
export const PANE_PROCESS = '@taco_pid';
/** Session option with the leader's epoch. */
export const EPOCH = '@taco_epoch';
/** Environment variable that every process of a team inherits. */
export const TEAM_VARIABLE = 'TACO_SESSION';

/** 96 random bits, hexadecimal. */
export function newIdentity(): string {
  return randomBytes(12).toString('hex');
}

export function isIdentity(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}

export function serverMark(identity: string): string {
  return `@taco_server_${identity}`;
}

/** Returns a format that is `1` if the session has the identity. */
export function isSession(identity: string): string {
  return `#{==:#{${SESSION_IDENTITY}},${identity}}`;
}

/** Returns a format that is `1` if the pane has the identity, whatever session shows it. */
export function isOwner(identity: string): string {
  return `#{==:#{${PANE_OWNER}},${identity}}`;
}

export function both(...conditions: readonly string[]): string {
  return conditions.reduce((all, one) => `#{&&:${all},${one}}`);
}
