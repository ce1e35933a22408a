import type { DisposableLike } from '../../core/base/disposable';
import { errorMessage, TacoError } from '../../core/errors/tacoError';
import type { Snapshot } from '../../core/team/snapshot';
import type { Engine } from '../../orchestrator/engine';
import type { Team } from '../../team/team';
import { ApprovalPrompt } from '../output/approvalPrompt';
import type { CommandContext } from '../runtime/commandContext';
import type { TeamRun } from './teamRun';

/** Asks the user about each plan that waits, or approves it when the command line says so. */
export class PlanReviewer implements DisposableLike {
  private readonly asks: boolean;
  private readonly question: ApprovalPrompt;
  /** Time of the plan that the user was asked about; 0: none. */
  private asked = 0;

  constructor(
    private readonly context: CommandContext,
    private readonly team: Team,
    private readonly engine: Engine,
    private readonly run: Pick<TeamRun, 'say' | 'finish' | 'detach'>,
  ) {
    this.question = new ApprovalPrompt(context.io, run.detach);
    this.asks = Boolean(context.io.stdin.isTTY && context.io.stdout.isTTY) && !context.json;
  }

  get hasAsked(): boolean {
    return this.asked !== 0;
  }

  /** Takes the question back when its plan does not wait any more. */
  takeBack(snapshot: Snapshot): void {
    if (waitingSince(snapshot) !== this.asked && this.question.takeBack())
      this.run.say('\nThat plan is no longer pending: it was decided elsewhere or replaced.');
  }

  /** Asks the user once for each plan. With --yes a first plan is approved: by the leader if the start asked for it. */
  review(snapshot: Snapshot): void {
    const { plan, session } = snapshot;
    // While an approved plan is being carried out it is in review for a moment, with another time.
    if (plan === null || plan.at === this.asked || plan.approval !== undefined) return;
    this.asked = plan.at;
    if (plan.status === 'invalid') {
      const error = new TacoError(
        'plan-not-delivered',
        snapshot.session?.detail ?? 'Mother gave no valid plan.',
        'Correct it: `taco plan submit FILE`.',
      );
      if (this.context.invocation.flag('until-done')) this.run.finish({ kind: 'failed', error });
      else this.run.say(`${error.message} ${error.hint}`);
      return;
    }
    if (plan.status !== 'proposed' || plan.plan === null) return;
    const approve = (): Promise<void> => this.team.request({ kind: 'approve', plan: plan.plan, review: plan.at });
    if (this.context.invocation.flag('yes') && plan.change === undefined) {
      const byLeader = session?.auto_approve === undefined ? this.engine.leading : session.auto_approve === 'true';
      if (!byLeader) approve().catch(() => (this.asked = 0));
      return;
    }
    if (this.asks) void this.ask(approve).catch((error: unknown) => this.run.say(errorMessage(error)));
    else if (plan.change)
      this.run.say(
        'The team works on. `taco plan approve` makes the change, `taco plan reject "NOTE"` keeps the team as it is.',
      );
    else this.run.say('Approve it with `taco plan approve`, or send it back with `taco plan reject "NOTE"`.');
  }

  private async ask(approve: () => Promise<void>): Promise<void> {
    const answer = await this.question.ask();
    if (answer === null) return;
    if (/^(y|yes)$/i.test(answer)) await approve();
    else if (answer === '' || /^no?$/i.test(answer))
      this.run.say(
        'Not launched. `taco plan approve` launches it, `taco plan reject "NOTE"` sends it back, `taco down` ends it.',
      );
    else await this.team.request({ kind: 'reject', note: answer });
  }

  dispose(): void {
    this.question.dispose();
  }
}

/** Returns the time of the plan that waits for the user; null: none waits. */
function waitingSince({ session, plan }: Snapshot): number | null {
  return session?.phase === 'review' && plan?.status === 'proposed' && plan.approval === undefined ? plan.at : null;
}
