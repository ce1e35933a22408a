/**
 * Decides which notification this window shows and when: one pure function from a state and an event to the next state
 * and its effects. No `vscode` here.
 *
 * Each notification is shown once, one at a time, in one of the windows of a project. VS Code moves a notification from
 * the screen to its bell without an event, and no extension can close one. So a notification blocks the next until the
 * user closes or answers it, or until VS Code has certainly moved it away. This also holds when its request has ended,
 * because it is still visible.
 */
import type { MessageView } from '../../core/team/snapshot';
import type { ProjectState } from '../project/projectState';
import { notificationsOf, REQUEST_COMES_MS, withoutRequest, type Notification } from './notifications';

/**
 * VS Code moves a notification away once its window had the focus for ten seconds; this is a little more, milliseconds.
 */
export const SCREEN_MS = 12_000;
/** Time that a window without the focus leaves a notification to the one that has it, milliseconds. */
export const UNFOCUSED_MS = 1500;
/** Interval at which this window polls claims of other windows and renews its own, milliseconds. */
export const POLL_INTERVAL_MS = 3000;
const MAX_SHOWN_KEYS = 200;

/** Everything from outside that decides what waits for the user. */
export interface NotificationView {
  /** The project's folder; undefined: no project is open. */
  readonly dir: string | undefined;
  readonly state: ProjectState;
  readonly wanted: 'all' | 'messages' | 'none';
  /** Names of agents. */
  readonly muted: readonly string[];
}

/** The answer to a claim: this window shows it, another one does, or it needs no window any more. */
export type ClaimAnswer = 'yours' | 'theirs' | 'told';

export type NotificationEvent =
  /** Something changed, or time has passed. */
  | { readonly kind: 'view'; readonly view: NotificationView }
  | { readonly kind: 'message'; readonly message: MessageView; readonly dir: string | undefined }
  | { readonly kind: 'focus'; readonly focused: boolean }
  /** Answers to a `claim`, by key. */
  | { readonly kind: 'claimed'; readonly all: Notifications; readonly answers: ReadonlyMap<string, ClaimAnswer> }
  | { readonly kind: 'renewed' }
  /** The user pressed a button of this notification and is answering. */
  | { readonly kind: 'answering'; readonly all: Notifications }
  /** The user closed this notification, or has finished with it. */
  | { readonly kind: 'closed'; readonly all: Notifications };

export type NotificationEffect =
  /** Ask Redis for these, then report `claimed`. */
  | { readonly kind: 'claim'; readonly all: Notifications }
  /** Remember the keys, show these as one notification, and report `answering` and `closed`. */
  | { readonly kind: 'notify'; readonly all: Notifications; readonly shown: readonly string[] }
  /** Renew the claims of what this window has shown, then report `renewed`. */
  | { readonly kind: 'renew'; readonly keys: readonly string[] }
  /** Tell no other window of these messages any more. */
  | { readonly kind: 'mark-shown'; readonly keys: readonly string[] }
  /** Report `view` after this time; null: not by time. Each step has exactly one of these. */
  | { readonly kind: 'check'; readonly afterMs: number | null };

/** Shown together as one. */
type Notifications = readonly Notification[];

interface OnScreen {
  readonly all: Notifications;
  readonly at: number;
  /** False until Redis has answered whose notification it is. */
  readonly isClaimed: boolean;
  /** True while the user answers it: it blocks the next for that time. */
  readonly isAnswering: boolean;
}

interface Claim {
  readonly since: number;
  /** Earliest time of the next poll. */
  readonly pollAt: number;
  /** Another window has shown it, and it needs no notification any more. */
  readonly isDone: boolean;
}

export interface NotificationState {
  readonly view: NotificationView | null;
  /** Time since which the window has the focus; null without the focus. */
  readonly focusedAt: number | null;
  readonly onScreen: OnScreen | null;
  /** The last one left the screen unanswered: everything that waited behind it is combined into one. */
  readonly isIgnored: boolean;
  /** Messages of agents to the user that were not shown yet. */
  readonly messages: readonly MessageView[];
  /** Keys of what this window has shown, oldest first; they survive a reload. */
  readonly shown: readonly string[];
  /** By key, for each that waits. */
  readonly claims: ReadonlyMap<string, Claim>;
  readonly renewedAt: number;
  readonly isRenewing: boolean;
  /** Windows of agents with an open request, and when the last request of an agent ended. */
  readonly asking: ReadonlySet<number>;
  readonly answeredAt: ReadonlyMap<number, number>;
}

export interface NotificationStep {
  readonly state: NotificationState;
  readonly effects: readonly NotificationEffect[];
}

/** Returns the state of a new window. @param shown keys that it had shown before a reload */
export function initialNotifications(focused: boolean, shown: readonly string[], now: number): NotificationState {
  return {
    view: null,
    focusedAt: focused ? now : null,
    onScreen: null,
    isIgnored: false,
    messages: [],
    shown,
    claims: new Map(),
    renewedAt: 0,
    isRenewing: false,
    asking: new Set(),
    answeredAt: new Map(),
  };
}

/** Returns the next state and what to do. `now` is in milliseconds since the epoch. */
export function reduceNotifications(state: NotificationState, event: NotificationEvent, now: number): NotificationStep {
  const applied = apply(state, event, now);
  const { state: next, effects } = advance(applied.state, now);
  return { state: next, effects: [...applied.effects, ...effects] };
}

function apply(state: NotificationState, event: NotificationEvent, now: number): NotificationStep {
  switch (event.kind) {
    case 'view': {
      const isOther = event.view.dir !== state.view?.dir;
      return only({ ...followRequests(state, event.view, now), messages: isOther ? [] : state.messages });
    }
    case 'message':
      // The user may have chosen another folder since.
      return only(event.dir === state.view?.dir ? { ...state, messages: [...state.messages, event.message] } : state);
    case 'focus':
      return only(
        event.focused === (state.focusedAt !== null) ? state : { ...state, focusedAt: event.focused ? now : null },
      );
    case 'claimed':
      return applyClaims(state, event.all, event.answers, now);
    case 'renewed':
      return only({ ...state, isRenewing: false });
    case 'answering':
      return only(
        state.onScreen && isSame(state.onScreen, event.all)
          ? { ...state, onScreen: { ...state.onScreen, isAnswering: true } }
          : state,
      );
    case 'closed': {
      const left = isSame(state.onScreen, event.all) ? { ...state, onScreen: null, isIgnored: false } : state;
      return { state: left, effects: markShown(event.all) };
    }
  }
}

/** Remembers when an agent's last request ended: for a moment the agent still seems to be at its dialog. */
function followRequests(state: NotificationState, view: NotificationView, now: number): NotificationState {
  const asking = new Set((view.state.snapshot?.needs ?? []).map(({ window }) => window));
  const ended = [...state.asking].filter((window) => !asking.has(window));
  const answeredAt = new Map([...state.answeredAt, ...ended.map((window) => [window, now] as const)]);
  return { ...state, view, asking, answeredAt };
}

function applyClaims(
  state: NotificationState,
  all: Notifications,
  answers: ReadonlyMap<string, ClaimAnswer>,
  now: number,
): NotificationStep {
  const own = all.filter(({ key }) => answers.get(key) === 'yours');
  const claims = new Map(state.claims);
  for (const [key, answer] of answers) {
    const claim = claims.get(key);
    if (claim && answer !== 'yours')
      claims.set(key, { ...claim, pollAt: now + POLL_INTERVAL_MS, isDone: answer === 'told' });
  }
  const { onScreen } = state;
  const next = { ...state, claims };
  if (own.length === 0) return only(isSame(onScreen, all) ? { ...next, onScreen: null } : next);
  const shown = [...state.shown, ...own.map(({ key }) => key)].slice(-MAX_SHOWN_KEYS);
  const isOnScreen = onScreen !== null && isSame(onScreen, all);
  return {
    state: { ...next, shown, onScreen: isOnScreen ? { ...onScreen, all: own, isClaimed: true } : onScreen },
    effects: [{ kind: 'notify', all: own, shown }],
  };
}

/** Does what is due now: a notification leaves the screen, the next one is claimed, claims are renewed. */
function advance(state: NotificationState, now: number): NotificationStep {
  const { view } = state;
  if (!view) return { state, effects: [{ kind: 'check', afterMs: null }] };
  const effects: NotificationEffect[] = [];
  const all = waitingFor(state, view, now);
  const wanted = all.filter((each) => isWanted(state, view, each));
  const claims = new Map(
    wanted.map(({ key }) => [key, state.claims.get(key) ?? { since: now, pollAt: now, isDone: false }]),
  );
  let next: NotificationState = { ...state, claims };
  if (view.state.snapshot) {
    // Messages that a muted agent wrote, or that another window has shown, are not shown later.
    const left = new Set(wanted.filter(({ key }) => !claims.get(key)?.isDone).map(({ key }) => key));
    next = { ...next, messages: state.messages.filter(({ id }) => left.has(id)) };
  }
  if (next.onScreen && screenLeftMs(next, now) === 0) {
    if (next.onScreen.isClaimed) effects.push(...markShown(next.onScreen.all));
    next = { ...next, onScreen: null, isIgnored: true };
  }
  const free = wanted.filter(({ key }) => {
    const claim = claims.get(key);
    return claim && !claim.isDone && now >= claimAt(next, claim);
  });
  if (next.onScreen === null && free.length > 0) {
    const due = next.isIgnored ? free : free.slice(0, 1);
    next = { ...next, onScreen: { all: due, at: now, isClaimed: false, isAnswering: false } };
    effects.push({ kind: 'claim', all: due });
  }
  const held = heldKeys(next, all);
  if (held.length > 0 && !next.isRenewing && now - next.renewedAt >= POLL_INTERVAL_MS) {
    next = { ...next, renewedAt: now, isRenewing: true };
    effects.push({ kind: 'renew', keys: held });
  }
  effects.push({ kind: 'check', afterMs: nextCheckMs(next, view, held.length > 0, now) });
  return { state: next, effects };
}

function waitingFor(state: NotificationState, view: NotificationView, now: number): Notifications {
  return notificationsOf(view.state, state.messages, now, (agent) => dialogSince(state, agent));
}

/** Returns the time since which an agent at a dialog has no request. */
function dialogSince(state: NotificationState, agent: { readonly window: number; readonly changedAt: number }): number {
  return Math.max(agent.changedAt, state.answeredAt.get(agent.window) ?? 0);
}

/** Returns everything that waits for the user now and that the user wants to be notified of, shown here or not. */
export function wantedNotifications(state: NotificationState, now: number): readonly Notification[] {
  const { view } = state;
  return view === null ? [] : waitingFor(state, view, now).filter((each) => isSelected(view, each));
}

function isWanted({ shown }: NotificationState, view: NotificationView, each: Notification): boolean {
  return !shown.includes(each.key) && isSelected(view, each);
}

function isSelected({ wanted, muted }: NotificationView, { kind, agent }: Notification): boolean {
  if (wanted === 'none' || (wanted === 'messages' && kind !== 'message')) return false;
  return !(agent && muted.includes(agent.name));
}

/** Returns when this window may claim a notification. */
function claimAt({ focusedAt }: NotificationState, { since, pollAt }: Claim): number {
  return Math.max(pollAt, focusedAt === null ? since + UNFOCUSED_MS : 0);
}

/** Returns the keys of what this window has shown and that still waits: its claims must not end. */
function heldKeys({ shown, onScreen }: NotificationState, all: Notifications): readonly string[] {
  const messages = onScreen?.isClaimed ? onScreen.all.filter(({ kind }) => kind === 'message') : [];
  return [...all.filter(({ kind, key }) => kind !== 'message' && shown.includes(key)), ...messages].map(
    ({ key }) => key,
  );
}

/**
 * Returns how long the notification may stay on the screen, milliseconds; null if unknown (no focus) or nothing is
 * shown.
 */
function screenLeftMs({ onScreen, focusedAt }: NotificationState, now: number): number | null {
  if (onScreen === null || onScreen.isAnswering || focusedAt === null) return null;
  return Math.max(0, Math.max(onScreen.at, focusedAt) + SCREEN_MS - now);
}

/**
 * Returns the time until something is due: the shown notification leaves the screen, a dialog has been open so long
 * that no request will come, claims of other windows are polled, or own ones renewed.
 */
function nextCheckMs(state: NotificationState, view: NotificationView, renews: boolean, now: number): number | null {
  const screen = screenLeftMs(state, now);
  const polls = [...state.claims.values()].filter(({ isDone }) => !isDone).map((claim) => claimAt(state, claim) - now);
  const dialogs = withoutRequest(view.state).map((agent) => dialogSince(state, agent) + REQUEST_COMES_MS - now);
  const renewal = renews && !state.isRenewing ? [Math.max(1, state.renewedAt + POLL_INTERVAL_MS - now)] : [];
  const all = [...(screen === null ? [] : [screen]), ...renewal, ...[...polls, ...dialogs].filter((ms) => ms > 0)];
  return all.length === 0 ? null : Math.min(...all);
}

function isSame(onScreen: OnScreen | null, all: Notifications): boolean {
  return onScreen !== null && onScreen.all[0]?.key === all[0]?.key;
}

/** The user has seen these messages of agents. Requests end by their answer. */
function markShown(all: Notifications): readonly NotificationEffect[] {
  const keys = all.filter(({ kind }) => kind === 'message').map(({ key }) => key);
  return keys.length === 0 ? [] : [{ kind: 'mark-shown', keys }];
}

function only(state: NotificationState): NotificationStep {
  return { state, effects: [] };
}
