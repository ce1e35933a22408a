import * as vscode from 'vscode';
import { withPassword } from '../../redis/client/endpoint';
import type { EngineSettings } from '../../team/engineSettings';
import type { settings, SettingId } from '../manifest/settingsTable';

type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly never[]
        ? readonly unknown[]
        : T extends object
          ? Readonly<Record<string, unknown>>
          : never;
type SettingValue<Id extends SettingId> = (typeof settings)[Id] extends { readonly enum: readonly (infer Choice)[] }
  ? Choice
  : Widen<(typeof settings)[Id]['default']>;

const PASSWORD_KEY = 'taco.redisPassword';

/** Reads one setting with the type that the table gives it. */
export function setting<Id extends SettingId>(id: Id): SettingValue<Id> {
  return vscode.workspace.getConfiguration().get(id) as SettingValue<Id>;
}

/** A list that somebody may have written as something else. */
function list(id: 'taco.worktreeSetup' | 'taco.profiles'): readonly unknown[] {
  const value: unknown = setting(id);
  return Array.isArray(value) ? value : [];
}

/** What VS Code's own git extension copies into a new worktree. */
function filesThatGitIncludes(): readonly string[] {
  const value: unknown = vscode.workspace.getConfiguration('git').get('worktreeIncludeFiles');
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The strings of `taco.agent.env`; what somebody may have written as something else is left out. */
function agentEnv(): Readonly<Record<string, string>> {
  const value: unknown = setting('taco.agent.env');
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !entry[1].includes('\0'),
    ),
  );
}

/** The settings as a person wrote them: described profiles are read only where the engine is, with zod. */
export interface WindowSettings extends Omit<EngineSettings, 'profiles'> {
  readonly profiles: readonly unknown[];
}

/** The settings for the engine. `tacoScript` is `dist/taco.js`; `scripted`: whatever is set, agents are the scripted ones. */
export function engineSettings(tacoScript: string, scripted: boolean): WindowSettings {
  return {
    tmuxSocket: setting('taco.tmux.socket'),
    tmuxCommand: setting('taco.tmux.command'),
    profile: scripted ? 'scripted' : setting('taco.agent.profile'),
    agentCommand: scripted ? undefined : setting('taco.agent.command').trim() || undefined,
    maxAgents: setting('taco.maxAgents'),
    autoApprove: setting('taco.autoApprove'),
    whenBusy: setting('taco.whenBusy'),
    relaunch: setting('taco.relaunch'),
    worktrees: setting('taco.worktrees'),
    worktreeSetup: list('taco.worktreeSetup').map(String),
    worktreeInclude: filesThatGitIncludes(),
    profiles: list('taco.profiles'),
    budget: setting('taco.budget'),
    // On the desktop this is Electron; the shim that runs it sets ELECTRON_RUN_AS_NODE.
    tacoCommand: [process.execPath, tacoScript],
    agentEnv: agentEnv(),
  };
}

/** The executable of a profile that the person described; undefined for any other name. */
export function describedCommand(profile: string): string | undefined {
  const found = list('taco.profiles').find(
    (each) => typeof each === 'object' && each !== null && 'name' in each && each.name === profile,
  );
  const command = (found as { readonly command?: unknown } | undefined)?.command;
  return typeof command === 'string' ? command : undefined;
}

/** The Redis URL with the password from the secret storage, or undefined when TACO starts its own. Never logged. */
export async function redisUrl(secrets: vscode.SecretStorage): Promise<string | undefined> {
  const url = setting('taco.redisUrl').trim();
  if (url === '') return undefined;
  const password = await secrets.get(PASSWORD_KEY);
  return password === undefined ? url : withPassword(url, password);
}

/** Keeps the password in the secret storage; empty removes it. */
export async function storeRedisPassword(secrets: vscode.SecretStorage, password: string): Promise<void> {
  if (password === '') await secrets.delete(PASSWORD_KEY);
  else await secrets.store(PASSWORD_KEY, password);
}
