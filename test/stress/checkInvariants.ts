import { isSameText } from '../../src/core/base/sanitizeText';
import type { MessageState } from '../../src/core/messages/messageState';

export interface Sent {
  readonly id: string;
  readonly fault: string;
  readonly agent: string;
  /** Grows by one for each message of the run: each agent must get its own in this order. */
  readonly serial: number;
  /** The prompt that the agent's model must get. */
  readonly prompt: string;
}

/** A line of the scripted agents' record. */
export interface Got {
  readonly at: number;
  readonly agent: string;
  readonly prompt?: string;
  readonly violation?: string;
}

export interface Fate {
  readonly state: MessageState | 'gone';
  readonly endedAt: number;
}

/** A fault that ended an agent's pane. */
export interface Kill {
  readonly fault: string;
  readonly agent: string;
  readonly at: number;
}

/** Results of the messages sent under one fault, from the prompts that the agents received. */
export interface Account {
  acknowledged: number;
  received: number;
  /** Acknowledged, but neither received nor reported as uncertain or dead. */
  readonly lost: string[];
  readonly duplicates: string[];
  readonly outOfOrder: string[];
  /** An agent got a text other than the one sent. */
  readonly damaged: string[];
  /** Reported to the user, who decides. */
  readonly uncertain: string[];
  readonly dead: string[];
  /** Its agent was killed between the receipt and its own record of the prompt. */
  readonly cutShort: string[];
  /**
   * More uncertain or cut short than the agent's pane was killed: only one message at a time is in flight to a pane.
   */
  readonly unexplained: string[];
}

export function newAccount(): Account {
  return {
    acknowledged: 0,
    received: 0,
    lost: [],
    duplicates: [],
    outOfOrder: [],
    damaged: [],
    uncertain: [],
    dead: [],
    cutShort: [],
    unexplained: [],
  };
}

const SERIAL = /\bserial (\d+)\b/;
/** Maximum time between a scripted agent's hook report and its own record, milliseconds. */
export const RECEIPT_TO_NOTE_MS = 1500;

/** Compares the acknowledged messages with the agents' records; returns one account for each fault. */
export function account(
  sent: readonly Sent[],
  got: readonly Got[],
  fates: ReadonlyMap<string, Fate>,
  kills: readonly Kill[],
): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  const bySerial = new Map(sent.map((each) => [each.serial, each]));
  const of = (fault: string): Account => {
    const known = accounts.get(fault) ?? newAccount();
    accounts.set(fault, known);
    return known;
  };
  const times = new Map<number, number>();
  const latest = new Map<string, number>();
  for (const { agent, prompt } of got) {
    const serial = Number(SERIAL.exec(prompt ?? '')?.[1] ?? NaN);
    const message = bySerial.get(serial);
    if (prompt === undefined || !message) continue;
    times.set(serial, (times.get(serial) ?? 0) + 1);
    if (message.agent !== agent || !isSameText(message.prompt, prompt))
      of(message.fault).damaged.push(
        `${message.id} to ${message.agent}: ${agent} got ${JSON.stringify(prompt.slice(0, 200))}`,
      );
    if (serial < (latest.get(agent) ?? 0))
      of(message.fault).outOfOrder.push(`${message.id}: ${serial} after ${latest.get(agent)}`);
    latest.set(agent, Math.max(serial, latest.get(agent) ?? 0));
  }
  // The number of further messages of each pane that may stay in doubt.
  const allowance = new Map<string, number>();
  for (const { fault, agent } of kills)
    allowance.set(`${fault} ${agent}`, (allowance.get(`${fault} ${agent}`) ?? 0) + 1);
  const explain = (message: Sent, what: string): void => {
    const pane = `${message.fault} ${message.agent}`;
    const left = allowance.get(pane) ?? 0;
    allowance.set(pane, left - 1);
    if (left <= 0) of(message.fault).unexplained.push(`${message.id} to ${message.agent}: ${what}`);
  };
  for (const message of sent) {
    const counts = of(message.fault);
    const fate = fates.get(message.id) ?? { state: 'gone', endedAt: 0 };
    const received = times.get(message.serial) ?? 0;
    counts.acknowledged += 1;
    if (received > 0) counts.received += 1;
    if (received > 1) counts.duplicates.push(`${message.id}: ${received} times`);
    if (fate.state === 'uncertain') {
      counts.uncertain.push(`${message.id}: received ${received} times`);
      explain(message, 'uncertain');
    } else if (fate.state === 'dead') counts.dead.push(message.id);
    else if (received === 0) {
      const killed =
        fate.state === 'received' &&
        kills.some(({ agent, at }) => agent === message.agent && Math.abs(at - fate.endedAt) < RECEIPT_TO_NOTE_MS);
      (killed ? counts.cutShort : counts.lost).push(`${message.id} to ${message.agent}: ${fate.state}`);
      if (killed) explain(message, 'cut short');
    }
  }
  return accounts;
}

/**
 * Returns true when the promise was kept: nothing lost, duplicate, out of order, damaged or dead. Only a killed pane
 * may leave a message in doubt.
 */
export function holds(counts: Account): boolean {
  return [counts.lost, counts.duplicates, counts.outOfOrder, counts.damaged, counts.dead, counts.unexplained].every(
    (list) => list.length === 0,
  );
}
