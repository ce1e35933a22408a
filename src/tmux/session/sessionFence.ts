import { errors } from '../../core/errors/errors';
import type { ControlClient, TmuxAnswer } from '../client/controlClient';
import { EPOCH, both, isSession } from '../client/identity';
import { command, quote } from '../client/quote';

const REFUSED = 'taco:refused';
const NOT_OURS = 'taco:not-ours';

/** A session by its tmux id (`$3`), with the identity that makes it TACO's. */
export interface SessionPlace {
  readonly id: string;
  readonly name: string;
  readonly identity: string;
}

/** Lets commands act on a session only while it has the identity and this leader's epoch; tmux itself compares both. */
export class SessionFence {
  /** The epoch that {@link setEpoch} wrote; 0 in a session without one. */
  private epoch = 0;

  constructor(
    private readonly client: ControlClient,
    private readonly place: SessionPlace,
  ) {}

  /**
   * Writes the leader's epoch, which every fence compares; it only grows. Throws TacoError not-leader when a later one
   * exists.
   */
  async setEpoch(epoch: number): Promise<void> {
    const target = `${this.place.id}:`;
    // A former leader that slept just before this line must not overwrite a later epoch.
    const condition = both(isSession(this.place.identity), `#{e|>=:${epoch},#{?${EPOCH},#{${EPOCH}},0}}`);
    const answer = await this.client.run(
      'set the epoch',
      `if-shell -F -t ${quote(target)} ${quote(condition)} { ${command('set-option', '-t', target, EPOCH, String(epoch))} ; display-message -p done }`,
    );
    if (!answer.blocks.flat().includes('done')) throw errors.notLeader();
    this.epoch = epoch;
  }

  /** Returns the epoch that the session carries; 0 when it carries none. */
  async epochThere(): Promise<number> {
    const format = `#{?${EPOCH},#{${EPOCH}},0}`;
    const answer = await this.client.run(
      'read the epoch',
      command('display-message', '-p', '-t', `${this.place.id}:`, format),
    );
    const epoch = Number(answer.blocks.flat()[0]);
    return Number.isSafeInteger(epoch) && epoch > 0 ? epoch : 0;
  }

  /**
   * Runs commands while the session has the identity and the epoch written here, and the pane meets its condition; tmux
   * itself compares them. Throws TacoError not-leader, tmux-failed.
   */
  async run(
    what: string,
    commands: string,
    of?: { readonly pane: string; readonly condition: string },
  ): Promise<TmuxAnswer> {
    const mayAct = both(isSession(this.place.identity), `#{==:#{?${EPOCH},#{${EPOCH}},0},${this.epoch}}`);
    const refuse = (why: string): string => `{ ${command('display-message', '-p', why)} }`;
    const checked = of
      ? `if-shell -F -t ${quote(of.pane)} ${quote(of.condition)} { ${commands} } ${refuse(NOT_OURS)}`
      : commands;
    const answer = await this.client.run(
      what,
      `if-shell -F -t ${quote(`${this.place.id}:`)} ${quote(mayAct)} { ${checked} } ${refuse(REFUSED)}`,
    );
    const said = answer.blocks.flat();
    if (said.includes(REFUSED)) throw errors.notLeader();
    if (said.includes(NOT_OURS)) throw errors.tmuxFailed(what, 'the pane does not carry the identity of this session');
    return answer;
  }
}
