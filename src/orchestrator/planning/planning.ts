import type { DisposableLike } from '../../core/base/disposable';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { SerialQueue } from '../../core/base/serialQueue';
import { errors } from '../../core/errors/errors';
import type { AgentSpec } from '../../core/models';
import { specsOf } from '../../core/plan/agentSpecs';
import { parsePlan, type ParsedPlan } from '../../core/plan/parser';
import { diffPlan, isEmptyChange, assignTeamWindows } from '../../core/plan/planDiff';
import type { PlanReview } from '../../core/plan/planReview';
import { changeRejected, correctionMessage, planningMessage, rejectionMessage } from '../../core/plan/prompts';
import { isNameProblem, type PlanOptions } from '../../core/plan/validatePlan';
import { systemClock } from '../../environment/systemClock';
import type { Team } from '../../team/team';
import type { SessionSlot } from '../agents/runningSession';
import type { LeaderTerm } from '../leadership/leaderTerm';
import { hostsOf, modesOf } from './approval';
import { ScreenReplyWatcher } from './screenReplyWatcher';
import { retiredWindows } from './teamUpdater';

const PLAN_ATTEMPTS = 3;

/** Maximum size of an invalid plan that is stored as written, characters of JSON: every snapshot reads it. */
const MAX_DRAFT_LENGTH = 128 * 1024;

function fitsDraft(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).length <= MAX_DRAFT_LENGTH;
}

/**
 * Mother's planning. It asks her for a plan, parses her reply and sends her its exact problems (at most three times).
 * A valid plan goes to the user. Its state is `plan:current` in Redis, so that another leader can continue.
 */
export class Planning implements DisposableLike {
  /** Id of the message that her next reply answers; a reply in a chat with the user is not an attempt. */
  private asked: string | undefined;
  private answering = false;

  /** Reads Mother's replies from her screen where her CLI has no hooks. */
  private readonly screenReplies: ScreenReplyWatcher;

  /** @param work queue in which the leader does its work; a reply from her screen is judged in it */
  constructor(
    private readonly term: Pick<LeaderTerm, 'team' | 'settings' | 'log'>,
    private readonly session: SessionSlot,
    work: SerialQueue,
  ) {
    this.screenReplies = new ScreenReplyWatcher({
      message: (id) => term.team.store.message(id),
      screen: async () => (await session.current?.agents.screenOf(MOTHER_WINDOW)) ?? null,
      onSaid: (text) => work.add(() => this.onMotherSaid(text, { isScreen: true })),
      clock: systemClock,
    });
  }

  async ask(goal: string): Promise<void> {
    await this.store.setPlan(null);
    const { maxAgents, onLimit, accounts } = this.term.settings;
    const fallbacks = onLimit === 'fallback' ? Object.keys(accounts ?? {}) : null;
    await this.begin(1, planningMessage(goal, maxAgents, await this.hosts(), fallbacks));
  }

  /** Sends the plan back with the user's note; the count of attempts restarts. */
  async reject(note: string): Promise<void> {
    const review = await this.store.plan();
    if (review) await this.store.setPlan({ ...review, status: 'rejected' });
    if (this.running().length > 0) return this.rejectChange(note);
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
    if (parsed.form === null && (!this.answering || this.running().length > 0)) return;
    await this.evaluate(parsed);
    this.answering = false; // only now: a reply that could not be judged while Redis failed is delivered again
  }

  /** Evaluates a plan from the user or the command line in the same way. */
  async submit(text: string): Promise<void> {
    await this.evaluate(parsePlan(text, await this.limits()), { correct: false });
  }

  /** Completes a proposal whose leader died before it asked for the approval. */
  async proposeAgain(review: PlanReview): Promise<void> {
    const session = await this.store.session();
    if (session?.phase === 'review' && review.status === 'proposed' && review.failure === undefined)
      await this.propose(review);
  }

  private async limits(): Promise<PlanOptions> {
    const { settings } = this.term;
    return { maxAgents: settings.maxAgents, hosts: await this.hosts(), modesOf: modesOf(settings) };
  }

  /** Rejects a plan change. */
  private async rejectChange(note: string): Promise<void> {
    await this.store.setSession({ phase: 'running', detail: '' });
    await this.store.note('The change of the team was not approved');
    await this.sendToMother(changeRejected(note));
  }

  /**
   * Evaluates a plan for a running team as a change and shows the user the difference. TACO keeps or assigns the
   * windows.
   */
  private async evaluateChange(parsed: ParsedPlan, team: readonly AgentSpec[], correct: boolean): Promise<void> {
    const { store } = this;
    const { log } = this.term;
    const last = await store.plan();
    // TACO assigns windows; a new name is for Mother or the user to decide.
    const read = parsed.plan ?? (parsed.problems.some(isNameProblem) ? null : parsed.proposal);
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
        proposal: parsed.proposal,
        attempt: attempt + 1,
        at: Date.now(),
      });
      await store.setSession({
        phase: 'running',
        detail: `A change of the plan has ${parsed.problems.length} problem(s)`,
      });
      if (correct && attempt < PLAN_ATTEMPTS)
        await this.sendToMother(correctionMessage(parsed.problems, attempt + 1, PLAN_ATTEMPTS));
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
    await this.propose(review);
  }

  private async evaluate(parsed: ParsedPlan, { correct = true } = {}): Promise<void> {
    const team = this.running();
    if (team.length > 0) return this.evaluateChange(parsed, team, correct);
    const { store } = this;
    const { log } = this.term;
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
      await this.propose(review);
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
    const { store } = this;
    this.answering = false;
    await store.setPlan({
      ...(review ?? { status: 'invalid', plan: null, problems: [], repaired: false, proposal: null, at: Date.now() }),
      attempt,
    });
    await store.setSession({ phase: 'planning', detail: `Mother plans, attempt ${attempt} of ${PLAN_ATTEMPTS}` });
    this.asked = await this.sendToMother(text);
    // Starts without the delivery event, which may be lost.
    this.screenReplies.watch(this.asked);
  }

  /** Lets the user approve a valid plan, or approves it for a user who asked for that. */
  private async propose(review: PlanReview): Promise<void> {
    const { team, settings } = this.term;
    // Only a first plan: the user has to approve a change that stops or replaces running agents.
    if (review.plan === null || review.change !== undefined) return;
    const session = await team.store.session();
    // The session's record in Redis alone approves nothing: the start itself was kept on this machine.
    const isAsked =
      session?.auto_approve === undefined
        ? settings.autoApprove
        : session.auto_approve === 'true' &&
          (settings.autoApprove || (await team.approvals.hasStart(session.request ?? '')));
    if (!isAsked) return;
    await team.request({ kind: 'approve', plan: review.plan, review: review.at });
    await team.approvals.keepStart('');
  }

  /** Sends a text to Mother through the queue and returns its message id. */
  private async sendToMother(text: string): Promise<string> {
    const sent = await this.term.team.send({ from: { kind: 'taco' }, to: 'mother', text, type: 'task' });
    return sent[0]?.id ?? '';
  }

  /** Returns the running team; empty before a plan was approved. */
  private running(): readonly AgentSpec[] {
    return specsOf(this.session.current?.agents.all ?? []);
  }

  private async hosts(): Promise<readonly string[]> {
    return await hostsOf(this.term.team, this.running(), this.term.log);
  }

  private get store(): Team['store'] {
    return this.term.team.store;
  }

  dispose(): void {
    this.screenReplies.dispose();
  }
}
