import type { AccountLimit } from '../limits/accountLimit';
import type { AgentRecord } from './agentRecord';

/** Returns the account of an agent; agents of an older TACO or without a known login share one for each CLI. */
export function accountOf({ account, profile }: Pick<AgentRecord, 'account' | 'profile'>): string {
  return account || profile;
}

/** Returns the limit of an agent's account; undefined: none. */
export function limitOf(agent: AgentRecord, limits: readonly AccountLimit[] = []): AccountLimit | undefined {
  return limits.find(({ account, host }) => account === accountOf(agent) && host === (agent.host ?? ''));
}
