/**
 * The PermissionRequest hook: while the dialog is open in the terminal, the user may answer it in another front end.
 */
import { randomBytes } from 'node:crypto';
import type { InputResponse } from '../../core/requests/inputRequest';
import { decisionOf, inputRequestOf, permissionRequestOf } from '../../core/requests/permissionHook';
import type { Keys } from '../../redis/client/keys';
import type { LightRedis } from '../../redis/client/lightClient';
import { recordDecision } from '../../redis/state/decisionLog';
import { InputRequestStore } from '../../redis/state/inputRequestStore';

/** Length of one blocking read, seconds; between two reads the hook checks whether the request is still open. */
const READ_S = 1;
/**
 * Ends the hook after this long without a leader, milliseconds: only the leader detects an answer in the terminal. A
 * failover takes 6 s.
 */
const LEADERLESS_MS = 10_000;
/** Maximum outage of Redis and the retry interval, milliseconds. */
const REDIS_AWAY_MS = 30_000;
const RETRY_MS = 500;
/**
 * An hour less than the hook's timeout in the agent's settings, so that the hook can report that it ends,
 * milliseconds.
 */
const MAX_WAIT_MS = 12 * 60 * 60 * 1000;

export interface PermissionHookOptions {
  readonly connect: () => Promise<LightRedis>;
  readonly keys: Keys;
  readonly window: number;
  /** The hook's JSON. */
  readonly input: string;
  readonly say: (text: string) => Promise<void>;
}

/**
 * Opens the request and waits until it is answered or closed, or no leader runs any more. The leader closes a request
 * that was answered in the terminal. Without a leader it does not begin. The agent does not wait: its dialog can be
 * answered at any time. Without a decision it prints nothing and the dialog stays open. Throws when Redis is
 * unreachable at first.
 */
export async function waitForAnswer({ connect, keys, window, input, say }: PermissionHookOptions): Promise<void> {
  const request = permissionRequestOf(input);
  if (request === null) return;
  const id = `need_${randomBytes(12).toString('hex')}`;
  const inputRequest = inputRequestOf(request, id, window, Date.now());
  const parent = process.ppid;
  const until = Date.now() + MAX_WAIT_MS;
  let client = await connect();
  // Without a leader nothing would close the request after its dialog ends. A new leader finds the dialog on the
  // screen.
  if ((await client.call('EXISTS', keys.lease)) !== 1) return client.dispose();
  let store = new InputRequestStore(client, keys);
  let ledAt = Date.now();
  let opened = false;

  /** Writes the user's decision to the ledger; one that cannot be written stays given. */
  const record = async (answer: InputResponse): Promise<void> => {
    if (inputRequest.kind !== 'permission' || (answer.kind !== 'allow' && answer.kind !== 'deny')) return;
    const [agent, workspace] = (await client.call('HMGET', keys.agent(window), 'name', 'workspace')) as (
      string | null
    )[];
    await recordDecision(client, keys, {
      at: Date.now(),
      window,
      agent: agent ?? '',
      tool: request.tool,
      input: JSON.stringify(request.input),
      workspace: workspace ?? '',
      verdict: answer.kind,
      by: 'user',
    });
  };

  /** Returns true when the request is closed, answered or not. */
  const step = async (): Promise<boolean> => {
    if (!opened) {
      await store.open(inputRequest);
      opened = true;
    }
    const word =
      (await store.word(id, READ_S)) ??
      ((await store.isOpen(id)) ? null : ((await store.word(id, 0)) ?? { kind: 'over' }));
    if (word?.kind === 'answer') {
      const decision = decisionOf(request, word.answer);
      if (decision !== null) await say(decision);
      if (decision !== null) await record(word.answer).catch(() => undefined);
      await store.confirm(id, decision === null ? 'the answer does not fit what was asked' : '');
      return true;
    }
    if (word?.kind === 'over') return true;
    if ((await client.call('EXISTS', keys.lease)) === 1) ledAt = Date.now();
    const status = await client.call('HGET', keys.agent(window), 'status');
    const orphaned = process.ppid !== parent || status === 'exited' || status === 'failed' || status === null;
    if (!orphaned && Date.now() - ledAt < LEADERLESS_MS && Date.now() < until) return false;
    await store.end(window, [id]);
    return true;
  };

  // The CLI ends the hook when its turn is interrupted, the hook's timeout expires, or the CLI exits.
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
      store = new InputRequestStore(client, keys);
    }
  }
}
