import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { specOf } from '../../core/plan/agentSpecs';
import type { ServiceRecord } from '../../core/services/serviceRecord';
import { deterministicId, type Team } from '../../team/team';

/** Sends TACO's own messages about the team to agents. A message that cannot be sent does not block the others. */
export class TeamNotifier {
  constructor(
    private readonly team: Team,
    private readonly log: Logger,
  ) {}

  /**
   * Notifies Mother and the agents in `notifies` that an agent reported done.
   * @param proof `proven by …`; empty: only the agent says so
   * @param request id of its report; it prevents a second message when a later leader reads the report again
   */
  async done(record: AgentRecord, text: string, request: string, proof = ''): Promise<void> {
    const how = proof === '' ? '' : `, ${proof}`;
    await this.team.store.note(`${record.name} is done${how}${text ? `: ${text.slice(0, 120)}` : ''}`);
    for (const to of new Set(['mother', ...(specOf(record)?.notifies ?? [])])) {
      await this.send(
        to,
        `${record.name} (${labelOfWindow(record.window)}) reports done${how}${text ? `: ${text}` : '.'}`,
        deterministicId(`${request}:${to}`),
      );
    }
  }

  /** Notifies a service's owner that its health changed, if it has an owner and a session runs. */
  async serviceTurned({ name, health, owner }: ServiceRecord, runs: boolean): Promise<void> {
    await this.team.store.note(`Service ${name} is ${health}`);
    if (owner !== '' && runs) await this.send(owner, `your service ${name} is ${health}`);
  }

  /**
   * Sends a message of TACO's. With `purpose` it is sent once, also when a later leader repeats the call. Returns
   * whether the queue has it.
   */
  notify(to: string, text: string, purpose: string): Promise<boolean> {
    return this.send(to, text, deterministicId(purpose));
  }

  private async send(to: string, text: string, id?: string): Promise<boolean> {
    return this.team
      .send({ from: { kind: 'taco' }, to, text, ...(id === undefined ? {} : { id }) })
      .then(() => true)
      .catch((error: unknown) => {
        this.log.warn('notice', { to, error: errorMessage(error) });
        return false;
      });
  }
}
