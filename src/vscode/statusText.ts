/** The one status bar item, as data. No `vscode` here. */
import { duration } from './format';
import type { ProjectState } from './state';
import { needLine } from './needWords';
import { agentsInNeed, hasSession, isLost, planWaits, stuckMessages } from './state';

export interface StatusText {
  readonly text: string;
  readonly spoken: string;
  /** True when somebody must act: the only reason for a colour. */
  readonly warning: boolean;
  /** Lines of the tooltip. */
  readonly lines: readonly string[];
}

/** Null while there is nothing to count. */
export function statusText(state: ProjectState): StatusText | null {
  if (!hasSession(state) || !state.snapshot?.session) return null;
  const { counters, session, agents, at } = state.snapshot;
  const asks = whatAsks(state);
  const { failed } = counters;
  const counts = `$(inbox) ${counters.pending} $(sync) ${counters.processing} $(check) ${counters.executed} $(error) ${failed}`;
  const lead = !state.connected ? '$(debug-disconnect) ' : asks.length > 0 ? '$(bell-dot) ' : '';
  const started = duration(at - Date.parse(session.started_at));
  return {
    text: `${lead}TACO ${counts}`,
    spoken: `TACO: ${counters.pending} pending, ${counters.processing} processing, ${counters.executed} done, ${failed} failed${asks.length ? `. ${asks.join('. ')}` : ''}`,
    warning: asks.length > 0,
    lines: [
      ...(state.connected ? [] : ['Redis does not answer: this is what was last seen.']),
      ...asks,
      `${session.phase}, started ${started} ago, ${agents.length} agents`,
      `${counters.pending} pending, ${counters.processing} processing (${counters.held} held)`,
      `${counters.executed} done, ${failed} failed`,
    ],
  };
}

/** What can be answered at once, each with its request. */
export function requests({ snapshot }: ProjectState): readonly { readonly id: string; readonly text: string }[] {
  return (snapshot?.needs ?? []).flatMap((need) => {
    const agent = snapshot?.agents.find(({ window }) => window === need.window);
    return agent ? [{ id: need.id, text: needLine(need, agent, 100) }] : [];
  });
}

/** One sentence for each thing that waits for the person. */
export function whatAsks(state: ProjectState): readonly string[] {
  const inNeed = agentsInNeed(state);
  const stuck = stuckMessages(state).length;
  return [
    ...(isLost(state) ? ['The tmux session has ended: resume it, or stop it'] : []),
    ...(planWaits(state) ? ['A plan waits for your approval'] : []),
    ...(inNeed.length > 0 ? [`${inNeed.map((agent) => agent.name).join(', ')} ${inNeed.length === 1 ? 'needs' : 'need'} you`] : []),
    ...(stuck > 0 ? [`${stuck} ${stuck === 1 ? 'message needs' : 'messages need'} a decision`] : []),
  ];
}
