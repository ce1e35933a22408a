import * as l10n from '@vscode/l10n';
import { decimal } from '../language';

/** `5s`, `3m`, `2h 34m`, `4d`; milliseconds in. The twin of src/vscode/format.ts, kept equal by a test: pages import only types. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return l10n.t('{0}s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return l10n.t('{0}m', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? l10n.t('{0}h', hours) : l10n.t('{0}h {1}m', hours, minutes % 60);
  return l10n.t('{0}d', Math.floor(hours / 24));
}

/** `12:34:56`, local time. */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** `0.42 s`, `12 s`, `3m`: how long something took, milliseconds in. */
export function took(ms: number): string {
  if (ms >= 60_000) return duration(ms);
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
