import type { AgentRecord } from '../agents/agentRecord';
import { FIRST_AGENT_WINDOW } from '../base/limits';
import { type AgentSpec, agentSpecSchema } from '../models';

/** Returns the spec an agent was launched from; null for Mother, or when the record is damaged. */
export function specOf(record: AgentRecord): AgentSpec | null {
  try {
    return agentSpecSchema.safeParse(JSON.parse(record.spec || 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** Returns the specs of agents that run, or that ran and can be relaunched. */
export function specsOf(records: readonly AgentRecord[]): readonly AgentSpec[] {
  return records.filter(({ window }) => window >= FIRST_AGENT_WINDOW).flatMap((record) => specOf(record) ?? []);
}

/** Returns the names of agents that must report done before this one gets its opening task. */
export function waitsFor(record: AgentRecord, all: readonly AgentRecord[]): readonly string[] {
  const wanted = specOf(record)?.wait_for ?? [];
  return wanted.filter((name) => !all.some((other) => other.name === name && other.done));
}
