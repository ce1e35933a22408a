import type { AccountLimit } from '../limits/accountLimit';
import type { AgentRecord } from './agentRecord';

/** An account and a model of it, which an agent uses up; an empty model is the default of its CLI. */
export type Quota = Pick<AgentRecord, 'account' | 'profile' | 'model'>;

/** Returns the account of an agent; agents of an older TACO or without a known login share one for each CLI. */
function accountOf({ account, profile }: Pick<AgentRecord, 'account' | 'profile'>): string {
  return account || profile;
}

/** Returns the name of what a refusal closes: the agent's account, or one family of models of it. */
export function closedBy(agent: Quota, model?: string): string {
  return model === undefined ? accountOf(agent) : `${accountOf(agent)}, ${model}`;
}

/**
 * Returns whether a limit holds the agent. An agent that names no model may have any: a limit of one model holds it, too.
 */
export function concerns({ account, model }: Pick<AccountLimit, 'account' | 'model'>, agent: Quota): boolean {
  if (account !== closedBy(agent, model)) return false;
  const own = agent.model.toLowerCase();
  return model === undefined || own === '' || own === 'default' || own === 'best' || own.includes(model);
}

/** Returns the limit that holds an agent; undefined: none. */
export function limitOf(agent: AgentRecord, limits: readonly AccountLimit[] = []): AccountLimit | undefined {
  return limits.find((limit) => limit.host === (agent.host ?? '') && concerns(limit, agent));
}
