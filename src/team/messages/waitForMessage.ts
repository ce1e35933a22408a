import { errors } from '../../core/errors/errors';
import { FINAL_STATES, type MessageState } from '../../core/messages/messageState';

/** The part of a message's ledger that decides whether the wait is over. */
export interface MessageProgress {
  readonly state: MessageState;
  readonly reason: string;
  /** The message has ended; `delivered` is an end where the agent's CLI gives no receipts. */
  readonly endedAt?: number | undefined;
}

interface WaitForMessage<T extends MessageProgress> {
  readonly wanted: Extract<MessageState, 'delivered' | 'received'>;
  readonly timeoutMs: number;
  /** The message in the error of a timeout. */
  readonly name: string;
  /** Reads the ledger; null while there is none. */
  readonly read: () => Promise<T | null>;
  /** Resolves when the ledger is to be read again, after `maxMs` at the latest. */
  readonly pause: (maxMs: number) => Promise<void>;
}

/** Resolves once a message is in the wanted state, or can never be. Throws TacoError timeout. */
export async function waitForMessage<T extends MessageProgress>(options: WaitForMessage<T>): Promise<T> {
  const { wanted, timeoutMs, name, read, pause } = options;
  const end = Date.now() + timeoutMs;
  for (;;) {
    const now = await read();
    if (now && (now.state === wanted || FINAL_STATES.includes(now.state) || isEndWithoutReceipt(now))) return now;
    const left = end - Date.now();
    if (left <= 0) {
      const { state, reason } = now ?? { state: 'queued', reason: '' };
      throw errors.timeout(
        `${name} being ${wanted} (it is ${state}${reason === '' ? '' : `: ${reason}`})`,
        Math.round(timeoutMs / 1000),
      );
    }
    await pause(left);
  }
}

/** Returns true for a message that ended as delivered, because its agent's CLI gives no receipts. */
export function isEndWithoutReceipt({ state, endedAt }: MessageProgress): boolean {
  return state === 'delivered' && endedAt !== undefined;
}
