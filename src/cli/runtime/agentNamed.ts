import { errors } from '../../core/errors/errors';
import { recipientsOf } from '../../core/messages/recipients';
import type { AgentView } from '../../core/team/snapshot';
import type { RunningSnapshot } from './openTeam';

/** Returns the one agent that `to` names; throws TacoError unknown-agent for any other, also for `user` and `all`. */
export function agentNamed(to: string, { session, agents }: RunningSnapshot): AgentView {
  const roster = { tmuxSession: session.tmux_session, agents };
  const found = /^(user|all)$/i.test(to) ? [] : recipientsOf(to, roster, null);
  const agent = agents.find((one) => found[0]?.target.endsWith(`:${one.window}`));
  if (agent) return agent;
  throw errors.unknownAgent(
    to,
    agents.map((one) => one.name),
  );
}
