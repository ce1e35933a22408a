import * as l10n from '@vscode/l10n';
import { duration } from '../../core/base/duration';
import { decimal } from '../shared/l10n';

/** Formats a duration in milliseconds as `0.42 s`, `12 s` or `3m`. */
export function formatElapsed(ms: number): string {
  if (ms >= 60_000) return duration(ms, l10n.t);
  const seconds = Math.max(0, ms) / 1000;
  return l10n.t('{0} s', decimal(seconds, seconds >= 10 ? 0 : seconds >= 1 ? 1 : 2));
}

/** The extension's clock, possibly on another machine, continued by the webview's clock. */
export class HostClock {
  private offset = 0;
  set(hostNow: number): void {
    this.offset = hostNow - Date.now();
  }
  now(): number {
    return Date.now() + this.offset;
  }
}
