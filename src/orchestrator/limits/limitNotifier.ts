import type { AgentRecord } from '../../core/agents/agentRecord';
import type { AccountLimit, LimitPolicy } from '../../core/limits/accountLimit';
import { limitLine } from '../../core/limits/limitTexts';
import { recipientOf } from '../../core/messages/address';
import { goOnAfterLimit } from '../../core/plan/prompts';
import { deterministicId, type Team } from '../../team/team';

/** Sends what a limit makes necessary: once per account to the user, and "go on" to agents. Repeats have no effect. */
export class LimitNotifier {
  constructor(private readonly team: Pick<Team, 'send' | 'store'>) {}

  /** Reports to the user that an account is limited. */
  async limited(limit: AccountLimit, agents: readonly AgentRecord[], policy: LimitPolicy): Promise<void> {
    const names = agents.map(({ name }) => name).join(', ');
    const after =
      limit.until === null
        ? 'Then resume the team: taco resume, or TACO: Resume Team.'
        : policy !== 'ask'
          ? `They continue by themselves after that.${policy === 'fallback' ? ' Agents with a fallback in the plan move to it.' : ''}`
          : 'They continue when you resume the team after that: taco resume, or TACO: Resume Team.';
    const text = `${limit.account}: ${limitLine(limit, Date.now())} (${limit.text}). Nothing is typed into ${names} meanwhile. ${after}`;
    await this.team.store.note(`${limit.account}: ${limitLine(limit, Date.now())}`);
    await this.notifyUser(text, `limit:${limit.host}/${limit.account}:${limit.since}:${limit.kind}`);
  }

  async over({ account }: AccountLimit): Promise<void> {
    await this.team.store.note(`${account}: the limit is over, its agents continue one by one`);
  }

  /** Asks an agent's CLI to shorten its conversation; a repeat has no effect. */
  async compact({ name, window, sessionId }: AgentRecord, command: string): Promise<void> {
    await this.team.store.note(`The conversation of ${name} is too long for its model: ${command}`);
    await this.team.send({
      from: { kind: 'taco' },
      to: recipientOf(window),
      text: command,
      type: 'slash',
      id: deterministicId(`compact:${window}:${sessionId}`),
    });
  }

  /** Reports to the user that an agent's conversation is too long. */
  async contextFull({ name, sessionId, window }: AgentRecord, remedy: string): Promise<void> {
    const text = `The conversation of ${name} is too long for its model, and nothing can be sent to it: ${remedy || 'begin a new conversation in its terminal'}.`;
    await this.team.store.note(`The conversation of ${name} is too long for its model`);
    await this.notifyUser(text, `context:${window}:${sessionId}`);
  }

  /** Asks an agent to continue the turn that was cut short. `key` identifies the limit and the agent. */
  async goOn(window: number, key: string, text = goOnAfterLimit()): Promise<void> {
    await this.team.send({ from: { kind: 'taco' }, to: recipientOf(window), text, id: deterministicId(key) });
  }

  private async notifyUser(text: string, key: string): Promise<void> {
    await this.team.send({ from: { kind: 'taco' }, to: 'user', text, id: deterministicId(key) });
  }
}
