/** A team in a list of all teams. Pure. */
import { formatUsage } from '../agents/formatUsage';
import { english, type Translate } from '../base/localizedText';
import { openRequests } from './openRequests';
import type { Snapshot } from './snapshot';

/** One team of this machine. */
export interface ProjectSummary {
  readonly projectId: string;
  readonly project: string;
  readonly goal: string;
  /** The session's phase, or `paused`; `unreachable` when the project could not be read. */
  readonly state: string;
  /** Why it could not be read; else the detail of its phase. */
  readonly detail: string;
  readonly agents: number;
  /** Agents that work now. */
  readonly busy: number;
  /** Names of the agents that need the user; `plan` when a plan waits. */
  readonly needs: readonly string[];
  /** Cost of the session as text; empty where no CLI records it. */
  readonly cost: string;
  /** US dollars; 0 where no CLI records it. */
  readonly costUsd: number;
  readonly hosts: readonly string[];
  /** The leader, `host:pid`; null without one. */
  readonly leader: string | null;
}

/** @param snapshot null when the project could not be read, for the reason `problem` */
export function projectSummary(
  { id, dir, snapshot, problem }: { id: string; dir: string; snapshot: Snapshot | null; problem: string },
  say: Translate = english,
): ProjectSummary {
  const session = snapshot?.session ?? null;
  return {
    projectId: id,
    project: dir,
    goal: session?.goal ?? '',
    state: session === null ? 'unreachable' : session.paused ? 'paused' : session.phase,
    detail: session?.detail || problem,
    agents: snapshot?.agents.length ?? 0,
    busy: snapshot?.agents.filter(({ status }) => status === 'busy').length ?? 0,
    needs: snapshot ? waitingForUser(snapshot) : [],
    cost: snapshot?.usage ? formatUsage(snapshot.usage, Number(session?.budget ?? 0), say) : '',
    costUsd: snapshot?.usage?.cost ?? 0,
    hosts: snapshot?.hosts?.map(({ name }) => name) ?? [],
    leader: snapshot?.leader ?? null,
  };
}

function waitingForUser(snapshot: Snapshot): readonly string[] {
  const { plan } = snapshot;
  const planWaits = plan?.status === 'proposed' && plan.approval === undefined;
  return [...new Set([...(planWaits ? ['plan'] : []), ...openRequests(snapshot).map(({ agent }) => agent)])];
}
