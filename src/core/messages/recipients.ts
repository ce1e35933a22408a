import { nameKey } from '../base/agentName';
import { MOTHER_WINDOW } from '../base/limits';
import { errors } from '../errors/errors';
import { labelOfWindow, targetOf } from './address';

/** The team as far as an address needs it. */
export interface Roster {
  readonly tmuxSession: string;
  readonly agents: readonly { readonly window: number; readonly name: string; readonly host?: string | undefined }[];
}

export interface Recipient {
  /** Name for users: the agent's name, `mother` or `user`. */
  readonly name: string;
  /** `SESSION:WINDOW`, `SESSION@HOST:WINDOW`, or `user`. */
  readonly target: string;
  /** Label in the envelope: `AGENT-3`, `MOTHER`, `USER`, or `ALL` in a broadcast. */
  readonly label: string;
}

/**
 * Resolves `to`: an agent's name in any case, its window number, `AGENT-4`, `mother`, `user`, or `all`. `all` is
 * everyone except the sender (`senderWindow`; null: the user). Throws TacoError unknown-agent with the known names.
 */
export function recipientsOf(to: string, roster: Roster, senderWindow: number | null): readonly Recipient[] {
  const wanted = nameKey(to);
  if (wanted === 'user') return [{ name: 'user', target: 'user', label: 'USER' }];
  const at = (agent: Roster['agents'][number], label: string): Recipient => ({
    name: agent.name,
    target: targetOf(roster.tmuxSession, agent.window, agent.host),
    label,
  });
  if (wanted === 'all')
    return roster.agents.filter((agent) => agent.window !== senderWindow).map((agent) => at(agent, 'ALL'));
  const number = /^(?:agent-)?(\d{1,4})$/.exec(wanted)?.[1];
  const window = wanted === 'mother' ? MOTHER_WINDOW : number === undefined ? null : Number(number);
  const found = roster.agents.find((agent) =>
    window === null ? nameKey(agent.name) === wanted : agent.window === window,
  );
  if (!found) throw errors.unknownAgent(to, [...roster.agents.map((agent) => agent.name), 'user', 'all']);
  return [at(found, labelOfWindow(found.window))];
}
