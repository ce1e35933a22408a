import { duration } from '../../core/base/duration';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { oneLine } from '../../core/base/truncate';
import { labelOfWindow } from '../../core/messages/address';
import { MeasuredMemory } from '../../environment/machine/measuredMemory';
import { systemClock } from '../../environment/systemClock';
import type { EpochFence } from '../../redis/leadership/fence';
import { VitalsStore } from '../../redis/state/vitalsStore';
import { DEFAULT_MEMORY_FLOOR_MB, type EngineSettings } from '../../team/engineSettings';
import { deterministicId, type Team } from '../../team/team';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import { ProgressWatch } from './progressWatch';
import { RoomWatch } from './roomWatch';
import { VitalsWatch } from './vitalsWatch';

export interface TeamVitalsOptions {
  readonly team: Team;
  readonly tmux: TmuxSession;
  readonly agents: AgentManager;
  readonly launcher: AgentLauncher;
  /** The joined host of these agents; empty on the leader's own host. */
  readonly host: string;
  readonly settings: EngineSettings;
  readonly fence: EpochFence;
  readonly log: Logger;
}

/** Starts the regular measurement of the agents of a host. Mother and the user get a message about what it finds. */
export function watchVitals({
  team,
  tmux,
  agents,
  launcher,
  host,
  settings,
  fence,
  log,
}: TeamVitalsOptions): VitalsWatch {
  const { home } = team.options.paths;
  const measured = new MeasuredMemory(home);
  const notify = async (to: string, text: string, id?: string): Promise<void> =>
    void (await team.send({ from: { kind: 'taco' }, to, text, ...(id === undefined ? {} : { id }) }));
  /** The ids derive from what happened, so that another leader does not report it again. */
  const report = async (window: number, text: string, key: string): Promise<void> => {
    await notify('user', text, deterministicId(`${key}:user`));
    if (window !== MOTHER_WINDOW) await notify('mother', text, deterministicId(`${key}:mother`));
  };
  return new VitalsWatch({
    host,
    agents: () => agents.here,
    panes: () => tmux.windows(),
    costs: async () => {
      const costs = new Map<number, number>();
      for (const { window, usage } of await team.store.usage.all())
        costs.set(window, (costs.get(window) ?? 0) + usage.cost);
      return costs;
    },
    progress: new ProgressWatch({
      profile: (name) => launcher.profile(name),
      screen: async ({ pane }) => (await tmux.panes.capture(pane))?.screen.lines.map(({ text }) => text) ?? null,
      onStill: ({ name, window, changedAt }, ms) =>
        report(
          window,
          `${name} (${labelOfWindow(window)}) works without a sign of progress for ${duration(ms)}: no hook, no output, no processor time. TACO has stopped nothing. Check its terminal; to stop its turn: taco interrupt ${name} TEXT.`,
          `still:${window}:${changedAt}`,
        ),
      onRepeats: ({ name, window, changedAt }, call, count) =>
        report(
          window,
          `${name} (${labelOfWindow(window)}) has made the same failing call ${count} times: ${oneLine(call, 200)}. TACO has stopped nothing. Help it, or stop its turn: taco interrupt ${name} TEXT.`,
          `repeats:${window}:${changedAt}:${call}`,
        ),
    }),
    room: new RoomWatch({
      home,
      memoryFloorMb: settings.memoryFloorMb ?? DEFAULT_MEMORY_FLOOR_MB,
      notifyUser: (text) => notify('user', text),
    }),
    store: new VitalsStore(team.redis, team.keys, fence),
    onMeasured: (mb) => measured.add(mb),
    clock: systemClock,
    log,
  });
}
