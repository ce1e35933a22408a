/** Hosts that joined a project: machines, or tmux servers of one machine, that run some of its agents. */
import * as z from 'zod';
import { HOST_NAME } from '../base/limits';
import { hostOfTarget } from '../messages/address';
import { agentRecordSchema, agentSpecSchema } from '../models';
import type { MessageView } from './snapshot';

/** One agent to be launched, or launched again. */
export const launchRequestSchema = z.object({
  window: z.int().min(0).max(9999),
  name: z.string(),
  role: z.string(),
  spec: agentSpecSchema.nullable(),
  systemPrompt: z.string(),
  profile: z.string(),
  /** The record of its earlier life: the conversation goes on. */
  earlier: agentRecordSchema.nullable(),
  /** What it is launched for, when that must not happen twice; see `Approved`. */
  launch: z.string().exactOptional(),
});
export type LaunchRequest = Readonly<z.infer<typeof launchRequestSchema>>;

/** What the leader changes of an agent that runs elsewhere. */
const patchSchema = z.object({
  done: z.boolean().exactOptional(),
  activity: z.string().exactOptional(),
  spec: z.string().exactOptional(),
  role: z.string().exactOptional(),
  model: z.string().exactOptional(),
  permissionMode: z.string().exactOptional(),
});
export type AgentPatch = z.infer<typeof patchSchema>;

/** What the leader asks of a host, in `control:requests:HOST`. Each may be carried out twice. */
export const hostRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('launch'), order: launchRequestSchema }),
  z.object({ kind: z.literal('stop'), window: z.int() }),
  z.object({ kind: z.literal('remove'), window: z.int() }),
  z.object({ kind: z.literal('patch'), window: z.int(), patch: patchSchema }),
]);
export type HostRequest = z.infer<typeof hostRequestSchema>;

/** A field of `hosts`. */
export const hostInfoSchema = z.object({
  name: z.string().regex(HOST_NAME),
  /** The machine's own name. */
  machine: z.string(),
  /** tmux server socket there. */
  socket: z.string(),
  /** Its tmux session, and which of the project's it belongs to (`SESSION STARTED_AT`); empty: none. */
  session: z.string(),
  of: z.string(),
  /** Which that tmux session and its panes carry. */
  identity: z.string().exactOptional(),
  /** When its executor was last there, milliseconds. */
  seenAt: z.number(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** A host as views show it. */
export interface HostView {
  readonly name: string;
  readonly machine: string;
  /** tmux server socket there. */
  readonly socket: string;
  /** Since when nobody carries for it, milliseconds; null while somebody does. */
  readonly awaySince: number | null;
}

/**
 * A message as views show it: one that nobody carries, because its receiver's host is away, is held. Its ledger does not say so: only who
 * carries a message writes how far it is, lest a host that comes back is told another state than the one it left.
 */
export function withHostAway<T extends Pick<MessageView, 'target' | 'state' | 'reason' | 'since'>>(
  message: T,
  hosts: readonly HostView[],
): T {
  if (message.state !== 'queued' && message.state !== 'held') return message;
  const host = hostOfTarget(message.target);
  const away = host === '' ? undefined : hosts.find(({ name }) => name === host)?.awaySince;
  if (away === undefined || away === null) return message;
  return { ...message, state: 'held', reason: 'host-away', since: Math.max(message.since, away) };
}
