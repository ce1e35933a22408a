import * as vscode from 'vscode';
import { teamPhaseOf } from '../../core/team/teamPhase';
import type { ContextKeys } from '../manifest/contributions';
import { contextKeys } from '../manifest/contributions';
import type { ProjectHost } from './projectHost';
import type { ProjectState } from './projectState';
import { hasSession, isLost, planToShow, requests } from './projectState';

/** Keeps the context keys equal to the state; sets each only when it changes. */
export class ManagedContextKey implements vscode.Disposable {
  private readonly values = new Map<keyof ContextKeys, ContextKeys[keyof ContextKeys]>();
  private readonly listener: vscode.Disposable;

  constructor(host: ProjectHost) {
    this.show(host.state);
    this.listener = host.onChange((state) => this.show(state));
  }

  private show(state: ProjectState): void {
    this.set('taco.needs', state.missing);
    this.set('taco.session', !hasSession(state) ? 'none' : isLost(state) ? 'lost' : 'active');
    this.set('taco.phase', teamPhaseOf(state.snapshot?.session ?? null, state.snapshot?.plan ?? null));
    this.set('taco.ready', state.ready);
    this.set('taco.asks', requests(state).length > 0 && hasSession(state) ? 'some' : 'none');
    this.set('taco.plan', planToShow(state)?.status ?? 'none');
  }

  private set<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }

  dispose(): void {
    this.listener.dispose();
    for (const key of contextKeys) void vscode.commands.executeCommand('setContext', key, undefined);
  }
}
