/** The random identity that proves whose a tmux session, a pane or a process is. A name, a number, a socket path or an age proves nothing. */
import { randomBytes } from 'node:crypto';

/** User options that carry it: on the server (`@taco_server_ID`, the session's own `$N`), on the session and on each pane. */
export const SESSION_IDENTITY = '@taco_session';
export const PANE_OWNER = '@taco_owner';
/** Process that TACO started in the pane; another one there is not the agent. */
export const PANE_PROCESS = '@taco_pid';
/** Session option with the leader's epoch. */
export const EPOCH = '@taco_epoch';
/** Environment variable that every process of a team inherits. */
export const TEAM_VARIABLE = 'TACO_SESSION';

/** 96 random bits, hexadecimal. */
export function newIdentity(): string {
  return randomBytes(12).toString('hex');
}

export function serverMark(identity: string): string {
  return `@taco_server_${identity}`;
}

/** Format that is `1` where the session carries the identity. */
export function isSession(identity: string): string {
  return `#{==:#{${SESSION_IDENTITY}},${identity}}`;
}

/** Format that is `1` where the pane carries the identity, whatever session shows it. */
export function isOwner(identity: string): string {
  return `#{==:#{${PANE_OWNER}},${identity}}`;
}

export function both(...conditions: readonly string[]): string {
  return conditions.reduce((all, one) => `#{&&:${all},${one}}`);
}
