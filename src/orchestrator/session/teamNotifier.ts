import { errorMessage } from '../../core/base/errors';
import { labelOfWindow } from '../../core/messages/address';
import type { AgentRecord, ServiceRecord } from '../../core/models';
import type { Logger } from '../../core/team/ports';
import { deterministicId, type Team } from '../../team/team';
import { specOf } from '../planning/teamLauncher';

/** What TACO itself tells agents about each other; one that cannot be told keeps no other from being told. */
export class TeamNotifier {
  constructor(
    private readonly team: Team,
    private readonly log: Logger,
  ) {}

  /**
   * An agent reported done: those it notifies, and Mother.
   * @param request id of its report, which a later leader may find once more: nobody is told twice
   */
  async done(record: AgentRecord, text: string, request: string): Promise<void> {
    await this.team.store.note(`${record.name} is done${text ? `: ${text.slice(0, 120)}` : ''}`);
    for (const to of new Set(['mother', ...(specOf(record)?.notifies ?? [])])) {
      await this.tell(
        to,
        `${record.name} (${labelOfWindow(record.window)}) reports done${text ? `: ${text}` : '.'}`,
        deterministicId(`${request}:${to}`),
      );
    }
  }

  /** A service's health turned: its owner, if it has one and a session runs. */
  async serviceTurned({ name, health, owner }: ServiceRecord, runs: boolean): Promise<void> {
    await this.team.store.note(`Service ${name} is ${health}`);
    if (owner !== '' && runs) await this.tell(owner, `your service ${name} is ${health}`);
  }

  private async tell(to: string, text: string, id?: string): Promise<void> {
    await this.team
      .send({ from: { kind: 'taco' }, to, text, ...(id === undefined ? {} : { id }) })
      .catch((error: unknown) => this.log.warn('notice', { to, error: errorMessage(error) }));
  }
}
