import * as vscode from 'vscode';
import type { Need } from '../core/needs';
import type { AgentView } from '../core/snapshot';
import { agentTitle, firstLine } from './format';
import { isShort, needSentence, needTitle } from './needWords';
import type { Mutes } from './mutes';
import type { ProjectHost } from './projectHost';
import { setting } from './settings';
import type { ProjectState } from './state';
import { agentsInNeed } from './state';
import { whatAsks } from './statusText';

const TOLD_KEY = 'taco.toldRequests';
const TOLD_KEPT = 200;
/** A whole command in a notification: then it can be allowed by one click, characters. */
const NOTIFIED_CHARACTERS = 160;
/** A dialog whose request does not come within this has none: the notification leads to the terminal, milliseconds. */
const REQUEST_COMES_MS = 3000;

/** What is told of: a request, or an agent that stands at a dialog for which there is none. */
interface Call {
  readonly key: string;
  readonly agent: AgentView;
  readonly need: Need | null;
}

/** What a notification's button does. */
export interface AttentionActions {
  allow(need: Need): Promise<void>;
  deny(need: Need): Promise<void>;
  answer(need: Need): Promise<void>;
  openTerminal(window: number): Promise<void>;
}

/**
 * Brings to the person what needs the person: the badge on the view, and one notification for each request. Never one twice, also
 * not after a reload; never one above another that still waits: the next comes when that is dealt with.
 */
export class Attention implements vscode.Disposable {
  private readonly store: vscode.Disposable[] = [];
  private showing: string | null = null;
  private later: NodeJS.Timeout | null = null;

  constructor(
    private readonly host: ProjectHost,
    private readonly view: vscode.TreeView<unknown>,
    private readonly mutes: Mutes,
    private readonly memory: vscode.Memento,
    private readonly actions: AttentionActions,
  ) {
    this.store.push(host.onChange((state) => this.show(state)), mutes.onChange(() => this.show(host.state)));
    this.show(host.state);
  }

  private show(state: ProjectState): void {
    const asks = whatAsks(state);
    const count = Math.max(asks.length, state.snapshot?.needs.length ?? 0);
    this.view.badge = count === 0 ? undefined : { value: count, tooltip: asks.join('\n') };
    const calls = callsOf(state, Date.now());
    // What was shown and is over by now stands in nobody's way.
    if (this.showing !== null && !calls.some(({ key }) => key === this.showing)) this.showing = null;
    const next = setting('taco.notifications') === 'all' ? calls.find((call) => !this.wasTold(call.key) && !this.mutes.has(call.agent.name)) : undefined;
    if (next && this.showing === null) void this.notify(next);
    // Nothing else may happen until a dialog has stood long enough to have no request.
    if (this.later === null && agentsInNeed(state).some((agent) => !calls.some((call) => call.agent.window === agent.window))) {
      this.later = setTimeout(() => {
        this.later = null;
        this.show(this.host.state);
      }, REQUEST_COMES_MS);
    }
  }

  private async notify({ key, agent, need }: Call): Promise<void> {
    this.showing = key;
    await this.memory.update(TOLD_KEY, [...this.told, key].slice(-TOLD_KEPT));
    await (need ? this.notifyOfNeed(agent, need) : this.notifyOfDialog(agent));
    if (this.showing === key) this.showing = null;
    this.show(this.host.state);
  }

  private async notifyOfNeed(agent: AgentView, need: Need): Promise<void> {
    const text = `${needSentence(need, agent)}: ${needTitle(need, NOTIFIED_CHARACTERS + 10)}`;
    const [allow, deny, more, answer, mute] = [vscode.l10n.t('Allow'), vscode.l10n.t('Deny'), vscode.l10n.t('More…'), vscode.l10n.t('Answer…'), vscode.l10n.t('Mute')];
    const short = isShort(need, NOTIFIED_CHARACTERS);
    const picked = await vscode.window.showInformationMessage(text, ...(short ? [allow, deny, more] : [answer, mute]));
    if (picked === allow) await this.actions.allow(need);
    if (picked === deny) await this.actions.deny(need);
    if (picked === more || picked === answer) await this.actions.answer(need);
    if (picked === mute) await this.mutes.set(agent.name, true);
  }

  private async notifyOfDialog(agent: AgentView): Promise<void> {
    const [open, mute] = [vscode.l10n.t('Open Terminal'), vscode.l10n.t('Mute')];
    const name = agentTitle(agent);
    const text = agent.activity === '' ? vscode.l10n.t('{0} needs you.', name) : vscode.l10n.t('{0} needs you: {1}', name, firstLine(agent.activity, 200));
    const picked = await vscode.window.showInformationMessage(text, open, mute);
    if (picked === open) await this.actions.openTerminal(agent.window);
    if (picked === mute) await this.mutes.set(agent.name, true);
  }

  private wasTold(key: string): boolean {
    return this.told.includes(key);
  }

  private get told(): readonly string[] {
    return this.memory.get<readonly string[]>(TOLD_KEY, []);
  }

  dispose(): void {
    if (this.later) clearTimeout(this.later);
    for (const item of this.store) item.dispose();
  }
}

function callsOf(state: ProjectState, now: number): readonly Call[] {
  const { snapshot } = state;
  if (!snapshot) return [];
  const ofNeeds = snapshot.needs.flatMap((need): Call[] => {
    const agent = snapshot.agents.find(({ window }) => window === need.window);
    return agent ? [{ key: need.id, agent, need }] : [];
  });
  const dialogs = agentsInNeed(state)
    .filter((agent) => !ofNeeds.some((call) => call.agent.window === agent.window) && now - agent.changedAt >= REQUEST_COMES_MS)
    .map((agent): Call => ({ key: `dialog-${agent.window}-${agent.changedAt}`, agent, need: null }));
  return [...ofNeeds, ...dialogs];
}
