/** How many alerts are remembered as settled, so that none comes twice. */
const MAX_SETTLED = 500;

/**
 * Decides when a front end may alert the user outside of its own views to what waits for the user: each thing once, a
 * moment after it came, so that a front end that the user looks at goes first. Pure.
 */
export class AlertQueue<T extends { readonly key: string }> {
  /** Time at which each thing was first seen, by key, milliseconds since the epoch. */
  private readonly since = new Map<string, number>();
  private readonly settled = new Set<string>();

  /** @param delayOf time between the first sight of a thing and its alert, milliseconds */
  constructor(private readonly delayOf: (each: T) => number) {}

  /**
   * Takes everything that waits for the user now.
   * @returns `due`: what is due for an alert now, once; `afterMs`: time until the next is due, null: none waits
   */
  next(all: readonly T[], now: number): { readonly due: readonly T[]; readonly afterMs: number | null } {
    const open = all.filter(({ key }) => !this.settled.has(key));
    const keys = new Set(open.map(({ key }) => key));
    for (const key of [...this.since.keys()]) if (!keys.has(key)) this.since.delete(key);
    for (const key of keys) if (!this.since.has(key)) this.since.set(key, now);
    const leftMs = (each: T): number => (this.since.get(each.key) ?? now) + this.delayOf(each) - now;
    const due = open.filter((each) => leftMs(each) <= 0);
    this.settle(due);
    const later = open.map(leftMs).filter((ms) => ms > 0);
    return { due, afterMs: later.length === 0 ? null : Math.min(...later) };
  }

  /** Marks things that need no alert here any more. Returns those that were not settled before. */
  settle(all: readonly T[]): readonly T[] {
    const fresh = all.filter(({ key }) => !this.settled.has(key));
    for (const { key } of fresh) this.settled.add(key);
    for (const key of [...this.settled].slice(0, Math.max(0, this.settled.size - MAX_SETTLED)))
      this.settled.delete(key);
    return fresh;
  }
}

/** Returns the key with which windows and terminals claim the alert of a notification, apart from the notification itself. */
export function alertKey(key: string): string {
  return `alert-${key}`;
}

/** Returns the key of a dialog without a request: its agent, and since when the dialog is open. */
export function dialogKey({ window, changedAt }: { readonly window: number; readonly changedAt: number }): string {
  return `dialog-${window}-${changedAt}`;
}
