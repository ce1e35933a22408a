import * as z from 'zod';
import type { HookData, HookReport } from '../../core/agents/hookData';
import { HOST_NAME, MAX_PLAN_LENGTH, MAX_TASK_LENGTH, MAX_WINDOW } from '../../core/base/limits';
import { MESSAGE_STATES } from '../../core/messages/messageState';
import type { ControlRequest } from '../../core/team/controlRequest';
import type { MonitorEvent } from '../../core/team/monitorEvent';

export const messageStateSchema = z.enum(MESSAGE_STATES);

const hookDataSchema: z.ZodType<HookData> = z.object({
  sessionId: z.string().exactOptional(),
  prompt: z.string().exactOptional(),
  lastMessage: z.string().exactOptional(),
  toolName: z.string().exactOptional(),
  toolInput: z.string().exactOptional(),
  transcript: z.string().exactOptional(),
  commandId: z.string().exactOptional(),
  blockedId: z.string().exactOptional(),
  error: z.string().exactOptional(),
  errorDetails: z.string().exactOptional(),
  background: z.string().exactOptional(),
  notification: z.string().exactOptional(),
  permissionMode: z.string().exactOptional(),
  source: z.string().exactOptional(),
  parents: z.string().exactOptional(),
} satisfies Record<keyof HookData, z.ZodType>); // finds a missing field, which would be dropped silently

/** A hook report that was spooled to disk. */
export const hookReportSchema: z.ZodType<HookReport> = z.object({
  id: z.string().max(100),
  event: z.string().max(64),
  data: hookDataSchema,
  profile: z.string().max(64),
  at: z.number(),
});

const windowSchema = z.int().min(0).max(MAX_WINDOW);

/** Events on `monitor:events`. Any process on this machine may publish there. */
export const monitorEventSchema: z.ZodType<MonitorEvent> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), id: z.string(), state: messageStateSchema, target: z.string() }),
  z.object({ kind: z.literal('agent'), window: windowSchema }),
  z.object({ kind: z.literal('hook'), window: windowSchema, event: z.string().max(64), data: hookDataSchema }),
  z.object({ kind: z.literal('session') }),
  z.object({ kind: z.literal('plan') }),
  z.object({ kind: z.literal('service'), name: z.string() }),
  z.object({ kind: z.literal('request') }),
  z.object({ kind: z.literal('need'), window: windowSchema }),
  z.object({ kind: z.literal('user'), id: z.string() }),
]);

/** Requests from users and tools to the leader. The plan parser checks a plan, not this schema. */
export const controlRequestSchema: z.ZodType<ControlRequest> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    goal: z.string().max(MAX_TASK_LENGTH),
    plan: z.string().max(MAX_PLAN_LENGTH).exactOptional(),
    ticket: z.string().max(100).exactOptional(),
    autoApprove: z.boolean().exactOptional(),
  }),
  z.object({ kind: z.literal('approve'), plan: z.unknown(), review: z.number().exactOptional() }),
  z.object({ kind: z.literal('reject'), note: z.string().max(MAX_TASK_LENGTH) }),
  z.object({ kind: z.literal('submit-plan'), text: z.string().max(MAX_PLAN_LENGTH) }),
  z.object({ kind: z.literal('relaunch'), window: windowSchema }),
  z.object({ kind: z.literal('resume') }),
  z.object({ kind: z.literal('forget-host'), host: z.string().regex(HOST_NAME) }),
  z.object({ kind: z.literal('budget'), usd: z.number().min(0).max(1e6) }),
  z.object({ kind: z.literal('pause-team') }),
  z.object({ kind: z.literal('resume-team') }),
  z.object({
    kind: z.literal('adopt'),
    pane: z.string().regex(/^%\d{1,9}$/),
    name: z.string().max(64),
    profile: z.string().max(64).exactOptional(),
    conversation: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .exactOptional(),
  }),
  z.object({ kind: z.literal('stop-agent'), window: windowSchema }),
  z.object({ kind: z.literal('report-done'), window: windowSchema, text: z.string().max(MAX_TASK_LENGTH) }),
  z.object({ kind: z.literal('run-check'), window: windowSchema }),
  z.object({ kind: z.literal('cancel-check'), window: windowSchema }),
  z.object({ kind: z.literal('accept-work'), window: windowSchema }),
  z.object({ kind: z.literal('merge'), agents: z.array(z.string().max(64)).max(200), ticket: z.string().max(100) }),
  z.object({ kind: z.literal('stop') }),
]);

/** Parses JSON by a schema; returns null when it is invalid or does not match. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
