import * as l10n from '@vscode/l10n';
import { duration } from '../../core/base/duration';
import { decimal } from '../shared/l10n';

/** `0.42 s`, `12 s`, `3m`: how long something took, milliseconds in. */
export function formatElapsed(ms: number): string {
  if (ms >= 60_000) return duration(ms, l10n.t);
  const seconds = Math.max(0, ms) / 1000;
  return l10n.t('{0} s', decimal(seconds, seconds >= 10 ? 0 : seconds >= 1 ? 1 : 2));
}

/** The extension's clock, which may be another machine's, carried on by this page's. */
export class HostClock {
  private offset = 0;
  set(hostNow: number): void {
    this.offset = hostNow - Date.now();
  }
  now(): number {
    return Date.now() + this.offset;
  }
}
