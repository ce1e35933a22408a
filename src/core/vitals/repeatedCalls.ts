import type { CallSign } from '../agents/conversationSign';

/** So many failures of one call, without any success in between, are reported. */
export const MANY_FAILURES = 6;
const MAX_OPEN = 200;

/** Counts how often the same call failed since the last call that succeeded. */
export class RepeatedCalls {
  private readonly open = new Map<string, string>();
  private readonly failures = new Map<string, number>();

  take(sign: CallSign): void {
    if (sign.kind === 'call') {
      this.open.set(sign.id, sign.call);
      const [oldest = ''] = this.open.keys();
      if (this.open.size > MAX_OPEN) this.open.delete(oldest);
      return;
    }
    const call = this.open.get(sign.id);
    this.open.delete(sign.id);
    if (!sign.failed) this.failures.clear();
    else if (call !== undefined) this.failures.set(call, (this.failures.get(call) ?? 0) + 1);
  }

  /** Returns the call that failed most often; null while none failed many times. */
  get repeated(): { readonly call: string; readonly count: number } | null {
    const [maximum] = [...this.failures].sort(([, a], [, b]) => b - a);
    return maximum && maximum[1] >= MANY_FAILURES ? { call: maximum[0], count: maximum[1] } : null;
  }
}
