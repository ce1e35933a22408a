import { errors } from '../../core/base/errors';
import type { AgentSpec, PlanReview } from '../../core/models';
import { parsePlan, type ParsedPlan } from '../../core/plan/parser';
import { diffPlan, isEmptyChange, assignTeamWindows } from '../../core/plan/planDiff';
import { changeRejected, correctionMessage, planningMessage, rejectionMessage } from '../../core/plan/prompts';
import type { PlanOptions } from '../../core/plan/validatePlan';
import type { Logger, StateStore } from '../../core/team/ports';
import { retiredWindows } from './teamUpdater';

export const PLAN_ATTEMPTS = 3;

export interface PlanningOptions {
  readonly store: StateStore;
  readonly log: Logger;
  readonly maxAgents: number;
  /** Names of the hosts that joined and are there. */
  readonly hosts: () => Promise<readonly string[]>;
  /** Sends a text to Mother through the queue, and gives its message id. */
  readonly tellMother: (text: string) => Promise<string>;
  /** A message was sent that her next reply answers. */
  readonly onAsked: (id: string) => void;
  /** The team that runs; empty before a plan was approved. */
  readonly running: () => readonly AgentSpec[];
  /** A valid plan waits for the person. */
  readonly onProposed: (review: PlanReview) => Promise<void>;
}

/** A plan with problems is kept as it was written up to this size, characters of JSON: it is read with every snapshot. */
const MOST_DRAFT = 128 * 1024;

function mayBeKept(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).length <= MOST_DRAFT;
}

/**
 * Mother's planning: asks her for a plan, reads what she prints, tells her exactly what is wrong with it (three times
 * at most), and puts it before the person. Its state is `plan:current` in Redis, so that another leader can go on with it.
 */
export class Planning {
  /** The message that her next reply answers; a reply to a person's chat is not an attempt. */
  private asked: string | undefined;
  private answering = false;

  constructor(private readonly options: PlanningOptions) {}

  async ask(goal: string): Promise<void> {
    await this.options.store.setPlan(null);
    await this.begin(1, planningMessage(goal, this.options.maxAgents, await this.options.hosts()));
  }

  /** The person sends the plan back with a note: the attempts begin anew. */
  async reject(note: string): Promise<void> {
    const review = await this.options.store.plan();
    if (review) await this.options.store.setPlan({ ...review, status: 'rejected' });
    if (this.options.running().length > 0) return this.rejectChange(note);
    await this.begin(1, rejectionMessage(note));
  }

  /** Mother got a prompt: the next time she stops she has answered it. */
  onMotherPrompt(commandId: string | undefined): void {
    if (commandId !== undefined && commandId === this.asked) this.answering = true;
  }

  /** Mother stopped and her hook reports this reply word for word, or her screen shows it. */
  async onMotherSaid(text: string, { isScreen }: { readonly isScreen: boolean }): Promise<void> {
    const parsed = parsePlan(text, { ...(await this.limits()), isScreen });
    // Talk without a plan, while nothing was asked: a person chats with her.
    if (parsed.form === null && (!this.answering || this.options.running().length > 0)) return;
    await this.evaluate(parsed);
    this.answering = false; // only now: what Redis kept from being judged is told again
  }

  /** A plan from a person's hand or the command line takes the same way. */
  async submit(text: string): Promise<void> {
    await this.evaluate(parsePlan(text, await this.limits()), { correct: false });
  }

  private async limits(): Promise<PlanOptions> {
    return { maxAgents: this.options.maxAgents, hosts: await this.options.hosts() };
  }

  /** The change is not made. */
  private async rejectChange(note: string): Promise<void> {
    await this.options.store.setSession({ phase: 'running', detail: '' });
    await this.options.store.note('The change of the team was not approved');
    await this.options.tellMother(changeRejected(note));
  }

  /** A plan while the team runs is a change of it: put before the person as a difference. Windows are kept, or given, by TACO. */
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
        await this.options.tellMother(correctionMessage(parsed.problems, attempt + 1, PLAN_ATTEMPTS));
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
      ...(good || !mayBeKept(parsed.value) ? {} : { draft: parsed.value }),
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
    this.asked = await this.options.tellMother(text);
    this.options.onAsked(this.asked);
  }
}
