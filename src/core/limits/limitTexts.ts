import { english, type LazyLabel, type Translate } from '../base/localizedText';
import type { AccountLimit } from './accountLimit';
import type { LimitKind } from './limit';

const KINDS: Readonly<Record<LimitKind, LazyLabel>> = {
  'usage-limit': (say) => say('usage limit reached'),
  'rate-limit': (say) => say('too many requests'),
  overloaded: (say) => say('provider overloaded'),
  network: (say) => say('provider not reachable'),
  'out-of-credit': (say) => say('no credit left'),
  'logged-out': (say) => say('not logged in'),
  'context-full': (say) => say('conversation too long'),
};

function limitWord(kind: LimitKind, say: Translate = english): string {
  return KINDS[kind](say);
}

/** Formats a time as `15:04`, with the date when it is not today: `2026-12-01 15:04`. Local time. */
export function clockTime(at: number, now: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const date = new Date(at);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  const today = new Date(now);
  return date.toDateString() === today.toDateString() ? time : `${day} ${time}`;
}

/** Returns `claude ~/.claude: usage limit reached, until 15:04`. */
export function accountLine(limit: AccountLimit, now: number, say: Translate = english): string {
  const account = limit.host === '' ? limit.account : `${limit.account} (${limit.host})`;
  return `${account}: ${limitLine(limit, now, say)}`;
}

/** Returns `usage limit reached, until 15:04`, or what the user must do. */
export function limitLine(
  { kind, until, phase, remedy }: Pick<AccountLimit, 'kind' | 'until' | 'phase' | 'remedy'>,
  now: number,
  say: Translate = english,
): string {
  const word = limitWord(kind, say);
  if (phase === 'trying') return say('{0}, one agent tries again', word);
  if (phase === 'opening') return say('{0}, over: agents continue', word);
  if (until !== null) return say('{0}, until {1}', word, clockTime(until, now));
  return remedy === '' ? say('{0}, needs you', word) : say('{0}: {1}', word, remedy);
}
