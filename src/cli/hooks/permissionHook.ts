/** The PermissionRequest hook: while the dialog stands open in the terminal, a person may answer it from elsewhere. */
import { randomBytes } from 'node:crypto';
import { decisionOf, inputRequestOf, permissionRequestOf } from '../../core/requests/permissionHook';
import type { Keys } from '../../redis/client/keys';
import type { LightRedis } from '../../redis/client/lightClient';
import { InputRequestStore } from '../../redis/state/inputRequestStore';

/** One blocking read, seconds: in between the hook sees whether anybody still wants it. */
const READ_S = 1;
/** Without a leader nobody would tell when the dialog was answered in the terminal; a change of leaders takes 6 s. */
const LEADERLESS_MS = 10_000;
/** How long a Redis that went away is waited for, and how often it is tried, milliseconds. */
const REDIS_AWAY_MS = 30_000;
const RETRY_MS = 500;
/** The hook's timeout in the agent's settings ends it a little later, and not before it has said that it goes. */
const LONGEST_MS = 12 * 60 * 60 * 1000;

export interface PermissionHookOptions {
  readonly connect: () => Promise<LightRedis>;
  readonly keys: Keys;
  readonly window: number;
  /** The hook's JSON. */
  readonly input: string;
  readonly say: (text: string) => Promise<void>;
}

/**
 * Opens the request and waits until it is answered, is over (answered in the terminal: the leader tells), or nobody leads any
 * more; with no leader at all it does not begin. The agent waits for none of this: its dialog can be answered all the time. Without a decision nothing is printed, and
 * the dialog stays as it is. Throws when Redis cannot be reached at first.
 */
export async function waitForAnswer({ connect, keys, window, input, say }: PermissionHookOptions): Promise<void> {
  const request = permissionRequestOf(input);
  if (request === null) return;
  const id = `need_${randomBytes(12).toString('hex')}`;
  const need = inputRequestOf(request, id, window, Date.now());
  const parent = process.ppid;
  const until = Date.now() + LONGEST_MS;
  let client = await connect();
  // With nobody who could see how the dialog ends, the request would outlive it; a leader that comes finds the dialog on the screen.
  if ((await client.call('EXISTS', keys.lease)) !== 1) return client.dispose();
  let needs = new InputRequestStore(client, keys);
  let ledAt = Date.now();
  let opened = false;

  /** True when it is over, answered or not. */
  const step = async (): Promise<boolean> => {
    if (!opened) {
      await needs.open(need);
      opened = true;
    }
    const word =
      (await needs.word(id, READ_S)) ??
      ((await needs.isOpen(id)) ? null : ((await needs.word(id, 0)) ?? { kind: 'over' }));
    if (word?.kind === 'answer') {
      const decision = decisionOf(request, word.answer);
      if (decision !== null) await say(decision);
      await needs.confirm(id, decision === null ? 'the answer does not fit what was asked' : '');
      return true;
    }
    if (word?.kind === 'over') return true;
    if ((await client.call('EXISTS', keys.lease)) === 1) ledAt = Date.now();
    const status = await client.call('HGET', keys.agent(window), 'status');
    const orphaned = process.ppid !== parent || status === 'exited' || status === 'failed' || status === null;
    if (!orphaned && Date.now() - ledAt < LEADERLESS_MS && Date.now() < until) return false;
    await needs.end(window, [id]);
    return true;
  };

  // The CLI ends the hook when its turn is interrupted, the hook's time is over, or it exits itself.
  const leave = (): void => {
    const late = setTimeout(() => process.exit(0), RETRY_MS);
    connect()
      .then((own) => new InputRequestStore(own, keys).end(window, [id]))
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(late);
        process.exit(0);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, leave);

  for (let awaySince = 0; ;) {
    try {
      if (await step()) return client.dispose();
      awaySince = 0;
    } catch (error) {
      client.dispose();
      awaySince ||= Date.now();
      if (Date.now() - awaySince > REDIS_AWAY_MS || process.ppid !== parent) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      const again = await connect().catch(() => null);
      if (again === null) continue;
      client = again;
      needs = new InputRequestStore(client, keys);
    }
  }
}
