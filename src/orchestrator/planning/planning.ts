import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import type { AgentSpec } from '../../core/models';
import { parsePlan, type ParsedPlan } from '../../core/plan/parser';
import { diffPlan, isEmptyChange, assignTeamWindows } from '../../core/plan/planDiff';
import type { PlanReview } from '../../core/plan/planReview';
import { changeRejected, correctionMessage, planningMessage, rejectionMessage } from '../../core/plan/prompts';
import type { PlanOptions } from '../../core/plan/validatePlan';
import type { StateStore } from '../../core/team/ports';
import { retiredWindows } from './teamUpdater';

const PLAN_ATTEMPTS = 3;

export interface PlanningOptions {
  readonly store: StateStore;
  readonly log: Logger;
  readonly maxAgents: number;
  /** Returns the names of the connected hosts. */
  readonly hosts: () => Promise<readonly string[]>;
  /** Returns the permission modes of an agent CLI; absent: any is accepted. */
  readonly modesOf?: PlanOptions['modesOf'];
  /** Sends a text to Mother through the queue and returns its message id. */
  readonly sendToMother: (text: string) => Promise<string>;
  /** Called when a message was sent that her next reply answers. */
  readonly onAsked: (id: string) => void;
  /** Returns the running team; empty before a plan was approved. */
  readonly running: () => readonly AgentSpec[];
  /** Called when a valid plan waits for the user. */
  readonly onProposed: (review: PlanReview) => Promise<void>;
}

/** Maximum size of an invalid plan that is stored as written, characters of JSON: every snapshot reads it. */
const MAX_DRAFT_LENGTH = 128 * 1024;

function fitsDraft(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).length <= MAX_DRAFT_LENGTH;
}

/**
 * Mother's planning. It asks her for a plan, parses her reply and sends her its exact problems (at most three times).
 * A valid plan goes to the user. Its state is `plan:current` in Redis, so that another leader can continue.
 */
export class Planning {
  /** Id of the message that her next reply answers; a reply in a chat with the user is not an attempt. */
  private asked: string | undefined;
  private answering = false;

  constructor(private readonly options: PlanningOptions) {}

  async ask(goal: string): Promise<void> {
    await this.options.store.setPlan(null);
    await this.begin(1, planningMessage(goal, this.options.maxAgents, await this.options.hosts()));
  }

  /** Sends the plan back with the user's note; the count of attempts restarts. */
  async reject(note: string): Promise<void> {
    const review = await this.options.store.plan();
    if (review) await this.options.store.setPlan({ ...review, status: 'rejected' });
    if (this.options.running().length > 0) return this.rejectChange(note);
    await this.begin(1, rejectionMessage(note));
  }

  /** Mother got a prompt: her next stop is the answer to it. */
  onMotherPrompt(commandId: string | undefined): void {
    if (commandId !== undefined && commandId === this.asked) this.answering = true;
  }

  /** Handles Mother's reply: exact from her Stop hook, or as her screen shows it. */
  async onMotherSaid(text: string, { isScreen }: { readonly isScreen: boolean }): Promise<void> {
    const parsed = parsePlan(text, { ...(await this.limits()), isScreen });
    // A reply without a plan, while TACO asked nothing: the user chats with her.
    if (parsed.form === null && (!this.answering || this.options.running().length > 0)) return;
    await this.evaluate(parsed);
    this.answering = false; // only now: a reply that could not be judged while Redis failed is delivered again
  }

  /** Evaluates a plan from the user or the command line in the same way. */
  async submit(text: string): Promise<void> {
    await this.evaluate(parsePlan(text, await this.limits()), { correct: false });
  }

  /** Completes a proposal whose leader died before it asked for the approval. */
  async proposeAgain(review: PlanReview): Promise<void> {
    const session = await this.options.store.session();
    if (session?.phase === 'review' && review.status === 'proposed' && review.failure === undefined)
      await this.options.onProposed(review);
  }

  private async limits(): Promise<PlanOptions> {
    return { maxAgents: this.options.maxAgents, hosts: await this.options.hosts(), modesOf: this.options.modesOf };
  }

  /** Rejects a plan change. */
  private async rejectChange(note: string): Promise<void> {
    await this.options.store.setSession({ phase: 'running', detail: '' });
    await this.options.store.note('The change of the team was not approved');
    await this.options.sendToMother(changeRejected(note));
  }

  /**
   * Evaluates a plan for a running team as a change and shows the user the difference. TACO keeps or assigns the
   * windows.
   */
  private async evaluateChange(parsed: ParsedPlan, team: readonly AgentSpec[], correct: boolean): Promise<void> {
    const { store, log } = this.options;
    const last = await store.plan();
    const read = parsed.plan ?? parsed.proposal;
    if (read === null) {
      const attempt = last?.status === 'invalid' && last.plan === null ? last.attempt : 1;
      await store.note(
        `A change of the plan has ${parsed.problems.length} problem(s)${correct ? `; Mother was told (attempt ${attempt} of ${PLAN_ATTEMPTS})` : ''}`,
      );
      await store.setPlan({
        status: 'invalid',
        plan: null,
        problems: [...parsed.problems],
        repaired: parsed.repaired,
        proposal: null,
        attempt: attempt + 1,
        at: Date.now(),
      });
      await store.setSession({
        phase: 'running',
        detail: `A change of the plan has ${parsed.problems.length} problem(s)`,
      });
      if (correct && attempt < PLAN_ATTEMPTS)
        await this.options.sendToMother(correctionMessage(parsed.problems, attempt + 1, PLAN_ATTEMPTS));
      return;
    }
    const plan = assignTeamWindows(read, team, retiredWindows((await store.session())?.left));
    const change = diffPlan(team, plan);
    log.info('plan.change', {
      added: change.added.length,
      removed: change.removed.length,
      changed: change.changed.length,
    });
    if (isEmptyChange(change)) {
      if (!correct) await store.note('The submitted plan is the team that runs: nothing changes');
      return;
    }
    const review: PlanReview = {
      status: 'proposed',
      plan,
      problems: [],
      repaired: parsed.repaired,
      proposal: null,
      attempt: 1,
      at: Date.now(),
      change,
    };
    await store.setPlan(review);
    await store.setSession({ phase: 'review', detail: 'A change of the team waits for approval' });
    await this.options.onProposed(review);
  }

  private async evaluate(parsed: ParsedPlan, { correct = true } = {}): Promise<void> {
    const team = this.options.running();
    if (team.length > 0) return this.evaluateChange(parsed, team, correct);
    const { store, log } = this.options;
    const attempt = (await store.plan())?.attempt ?? 1;
    const good = parsed.plan !== null && parsed.problems.length === 0;
    const review: PlanReview = {
      status: good ? 'proposed' : 'invalid',
      plan: parsed.plan,
      problems: [...parsed.problems],
      repaired: parsed.repaired,
      proposal: parsed.proposal,
      ...(good || !fitsDraft(parsed.value) ? {} : { draft: parsed.value }),
      attempt,
      at: Date.now(),
    };
    await store.setPlan(review);
    log.info('plan.read', {
      attempt,
      agents: parsed.plan?.agents.length ?? 0,
      problems: parsed.problems.map(({ code }) => code),
      repaired: parsed.repaired,
    });
    if (good) {
      await store.setSession({
        phase: 'review',
        detail: parsed.repaired
          ? 'The plan waits for approval (its JSON had to be repaired)'
          : 'The plan waits for approval',
      });
      await this.options.onProposed(review);
    } else if (!correct) {
      await store.setSession({ phase: 'review', detail: `The plan has ${parsed.problems.length} problem(s)` });
    } else if (attempt < PLAN_ATTEMPTS) {
      await store.note(
        `Mother's plan has ${parsed.problems.length} problem(s); she was told (attempt ${attempt} of ${PLAN_ATTEMPTS})`,
      );
      await this.begin(attempt + 1, correctionMessage(parsed.problems, attempt + 1, PLAN_ATTEMPTS), review);
    } else {
      await store.setSession({ phase: 'review', detail: errors.planNotDelivered(PLAN_ATTEMPTS).message });
    }
  }

  private async begin(attempt: number, text: string, review?: PlanReview): Promise<void> {
    const { store } = this.options;
    this.answering = false;
    await store.setPlan({
      ...(review ?? { status: 'invalid', plan: null, problems: [], repaired: false, proposal: null, at: Date.now() }),
      attempt,
    });
    await store.setSession({ phase: 'planning', detail: `Mother plans, attempt ${attempt} of ${PLAN_ATTEMPTS}` });
    this.asked = await this.options.sendToMother(text);
    this.options.onAsked(this.asked);
  }
}
