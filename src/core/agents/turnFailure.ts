import type { Limit } from '../limits/limit';
import { readLimit } from '../limits/readLimit';
import type { AgentProfile, Composer, TerminalScreen } from './agentProfile';
import type { HookData } from './hookData';
import { shownError } from './shownError';

/** Returns the limit that a hook reports; null for every other event and failure. `now`: time of the report. */
export function limitInHook(
  { limits }: Pick<AgentProfile, 'limits'>,
  event: string,
  data: HookData,
  now: number,
): Limit | null {
  if (limits === undefined || event !== 'StopFailure') return null;
  const { lastMessage = '', errorDetails = '', error = '' } = data;
  // The text for users names the time of the reset; the provider's answer may name the reason better.
  const shown = readLimit({ text: lastMessage, code: '' }, limits, now);
  const whole = readLimit({ text: `${lastMessage} ${errorDetails}`, code: error }, limits, now);
  return shown ? { ...shown, until: shown.until ?? whole?.until ?? null } : whole;
}

/** Returns the limit that ends the conversation on the screen of a CLI without a hook for failed turns. */
export function limitOnScreen(
  { limits }: Pick<AgentProfile, 'limits'>,
  screen: TerminalScreen,
  composer: Composer | null,
  now: number,
): Limit | null {
  if (limits?.marks === undefined || composer === null) return null;
  const text = shownError(screen, composer.anchor, limits.marks);
  return text === null ? null : readLimit({ text, code: '' }, limits, now);
}

/** Returns the limit that an open dialog reports; null for every other dialog. `dialog`: its text in one line. */
export function limitInDialog({ limits }: Pick<AgentProfile, 'limits'>, dialog: string, now: number): Limit | null {
  return limits?.dialog?.test(dialog) ? readLimit({ text: dialog, code: '' }, limits, now) : null;
}
