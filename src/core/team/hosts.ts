/** Hosts of a project: machines, or tmux servers of one machine, that run some of its agents. */
import * as z from 'zod';
import { agentRecordSchema } from '../agents/agentRecord';
import { HOST_NAME, MAX_WINDOW } from '../base/limits';
import { hostOfTarget } from '../messages/address';
import { agentSpecSchema } from '../models';
import type { MessageView } from './snapshot';

/** A request to launch or relaunch one agent. */
export const launchRequestSchema = z.object({
  window: z.int().min(0).max(MAX_WINDOW),
  name: z.string(),
  role: z.string(),
  spec: agentSpecSchema.nullable(),
  systemPrompt: z.string(),
  profile: z.string(),
  /** Absent: as the spec says. */
  model: z.string().exactOptional(),
  /** Name of an entry of `taco.accounts`; absent: the environment of the host's user. */
  account: z.string().exactOptional(),
  /** As in the agent's record. */
  substitute: z.string().exactOptional(),
  /** Record of its previous process; the conversation continues. */
  earlier: agentRecordSchema.nullable(),
  /** Key of a launch that must not happen twice; see `ApprovalRun`. */
  launch: z.string().exactOptional(),
});
export type LaunchRequest = Readonly<z.infer<typeof launchRequestSchema>>;

/** Changes by the leader to an agent on another host. */
const patchSchema = z.object({
  done: z.boolean().exactOptional(),
  activity: z.string().exactOptional(),
  spec: z.string().exactOptional(),
  role: z.string().exactOptional(),
  model: z.string().exactOptional(),
  permissionMode: z.string().exactOptional(),
  hooks: z.string().exactOptional(),
  unread: z.string().exactOptional(),
  hookParents: z.string().exactOptional(),
  proof: agentRecordSchema.shape.proof,
  evidence: agentRecordSchema.shape.evidence,
  report: agentRecordSchema.shape.report,
  reds: agentRecordSchema.shape.reds,
  asked: agentRecordSchema.shape.asked,
  conflicts: agentRecordSchema.shape.conflicts,
});
export type AgentPatch = z.infer<typeof patchSchema>;

/** Requests of the leader to a host, in `control:requests:HOST`. Each is idempotent. */
export const hostRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('launch'), order: launchRequestSchema }),
  z.object({ kind: z.literal('stop'), window: z.int() }),
  z.object({ kind: z.literal('remove'), window: z.int() }),
  z.object({ kind: z.literal('patch'), window: z.int(), patch: patchSchema }),
]);
export type HostRequest = z.infer<typeof hostRequestSchema>;

/** One field of the hash `hosts`. */
export const hostInfoSchema = z.object({
  name: z.string().regex(HOST_NAME),
  /** The machine's own name. */
  machine: z.string(),
  /** tmux server socket on that machine. */
  socket: z.string(),
  /** Its tmux session, and the project session to which that belongs (`SESSION STARTED_AT`); empty: none. */
  session: z.string(),
  of: z.string(),
  /** Session identity that this tmux session and its panes store. */
  identity: z.string().exactOptional(),
  /** Time at which its executor was last connected, milliseconds. */
  seenAt: z.number(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** A host as views show it. */
export interface HostView {
  readonly name: string;
  readonly machine: string;
  /** tmux server socket on that machine. */
  readonly socket: string;
  /** Time since which its executor is disconnected, milliseconds; null while it is connected. */
  readonly awaySince: number | null;
}

/**
 * Returns a message as views show it: held while its receiver's host is disconnected. The ledger does not contain this,
 * because only the process that delivers a message writes its state. A host that reconnects thus finds the state that
 * it left.
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
