/** The use that agents make of their machine, as each executor measures it. */
import * as z from 'zod';

const agentVitalsSchema = z.object({
  window: z.int().min(0),
  /** Resident memory of its process tree, bytes. Shared pages count in each process. */
  memory: z.number().min(0),
  /** Growth of that memory, bytes per hour; absent: measured for less than ten minutes. */
  memoryPerHour: z.number().optional(),
  /** Processor time of its process tree since the last measurement, cores. */
  cpu: z.number().min(0),
  /** Cost of its model, US dollars per hour over the last half hour; absent: not known yet. */
  costPerHour: z.number().min(0).optional(),
  /** Since when a working agent shows no progress, milliseconds since the epoch; absent: it does. */
  stillSince: z.number().optional(),
  /** The call that failed again and again, with the number of failures; absent: none. */
  repeats: z.object({ call: z.string(), count: z.int() }).optional(),
});
export type AgentVitals = z.infer<typeof agentVitalsSchema>;

/** `vitals`: what one executor measured last; the leader's host is ''. */
export const hostVitalsSchema = z.object({
  host: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** Memory that programs can still get, bytes. */
  freeMemory: z.number(),
  totalMemory: z.number(),
  /** Free space of the disk that holds TACO's folder, bytes. */
  freeDisk: z.number(),
  agents: z.array(agentVitalsSchema),
});
export type HostVitals = z.infer<typeof hostVitalsSchema>;

/** A measurement that is older than this says nothing about now, milliseconds. */
const OUTDATED_MS = 3 * 60_000;

/** Returns the measurement of an agent; undefined: none that is recent. */
export function vitalsOf(
  { window, host = '' }: { readonly window: number; readonly host?: string | undefined },
  hosts: readonly HostVitals[],
  now: number,
): AgentVitals | undefined {
  const own = hosts.find((each) => each.host === host && now - each.at < OUTDATED_MS);
  return own?.agents.find((each) => each.window === window);
}
