import type { DisposableStore } from '../../core/base/disposable';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { specsOf } from '../../core/plan/agentSpecs';
import { systemClock } from '../../environment/systemClock';
import type { AgentManager } from '../agents/agentManager';
import type { LeaderTerm } from '../leadership/leaderTerm';
import { hostsOf, modesOf } from './approval';
import { Planning } from './planning';
import { ScreenReplyWatcher } from './screenReplyWatcher';

/**
 * Creates Mother's planning for the leader, and the watcher of her screen for CLIs without hooks.
 * @param agents of the led session; undefined while there is none
 * @param onSaid called with the reply that her screen shows
 * @param disposables of the term
 */
export function createPlanning(
  { team, settings, log }: LeaderTerm,
  agents: () => AgentManager | undefined,
  onSaid: (text: string) => void,
  disposables: DisposableStore,
): Planning {
  const running = (): ReturnType<typeof specsOf> => specsOf(agents()?.all ?? []);
  const silentMother = disposables.add(
    new ScreenReplyWatcher({
      message: (id) => team.store.message(id),
      screen: async () => (await agents()?.screenOf(MOTHER_WINDOW)) ?? null,
      onSaid,
      clock: systemClock,
    }),
  );
  return new Planning({
    store: team.store,
    log,
    maxAgents: settings.maxAgents,
    hosts: () => hostsOf(team, running(), log),
    modesOf: modesOf(settings),
    running,
    sendToMother: async (text) =>
      (await team.send({ from: { kind: 'taco' }, to: 'mother', text, type: 'task' }))[0]?.id ?? '',
    // Starts without the delivery event, which may be lost.
    onAsked: (id) => silentMother.watch(id),
    onProposed: async (review) => {
      // Only a first plan: the user has to approve a change that stops or replaces running agents.
      const asked = (await team.store.session())?.auto_approve ?? String(settings.autoApprove);
      if (asked === 'true' && review.plan && review.change === undefined)
        await team.request({ kind: 'approve', plan: review.plan, review: review.at });
    },
  });
}
