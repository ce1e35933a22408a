import { MOTHER_WINDOW } from '../../core/limits';
import type { AgentManager } from '../agentManager';
import type { TermOptions } from '../post';
import { systemClock } from '../systemClock';
import { hostsOf } from './approval';
import { Planning } from './planning';
import { SilentMother } from './silentMother';
import { specsOf } from './teamChanger';

/**
 * Mother's planning as the leader has it, and the watch over what she says where her hooks do not speak.
 * @param agents of the session that is led; undefined while none is
 * @param onSaid what her screen shows that she said
 */
export function motherSide({ team, settings, log }: TermOptions, agents: () => AgentManager | undefined, onSaid: (text: string) => void): { readonly planning: Planning; readonly silentMother: SilentMother } {
  const running = (): ReturnType<typeof specsOf> => specsOf(agents()?.all ?? []);
  const planning = new Planning({
    store: team.store,
    log,
    maxAgents: settings.maxAgents,
    hosts: () => hostsOf(team, running(), log),
    running,
    tellMother: async (text) => (await team.send({ from: { kind: 'taco' }, to: 'mother', text, type: 'task' }))[0]?.id ?? '',
    onProposed: async (review) => {
      if (settings.autoApprove && review.plan) await team.request({ kind: 'approve', plan: review.plan });
    },
  });
  const silentMother = new SilentMother({
    message: (id) => team.store.message(id),
    screen: async () => (await agents()?.screenOf(MOTHER_WINDOW)) ?? null,
    onSaid,
    clock: systemClock,
  });
  return { planning, silentMother };
}
