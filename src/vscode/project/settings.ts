import * as vscode from 'vscode';
import { parseWhenBusy } from '../../core/messages/whenBusy';
import { expandExecutable } from '../../core/programs/commandLine';
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

/** Returns one setting with the type from the table. */
export function setting<Id extends SettingId>(id: Id): SettingValue<Id> {
  return vscode.workspace.getConfiguration().get(id) as SettingValue<Id>;
}

/** Returns a list setting; empty when the user's value is not a list. */
function list(id: 'taco.worktreeSetup' | 'taco.profiles' | 'taco.check' | 'taco.mergeCheck'): readonly unknown[] {
  const value: unknown = setting(id);
  return Array.isArray(value) ? value : [];
}

/** Returns the files that VS Code's own git extension copies into a new worktree. */
function filesThatGitIncludes(): readonly string[] {
  const value: unknown = vscode.workspace.getConfiguration('git').get('worktreeIncludeFiles');
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** Returns the strings of `taco.agent.env`; leaves out values of another type. */
function agentEnv(): Readonly<Record<string, string>> {
  const value: unknown = setting('taco.agent.env');
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !entry[1].includes('\0'),
    ),
  );
}

/** The settings as the user wrote them: described profiles are parsed only in the engine's bundle, with zod. */
export interface WindowSettings extends Omit<EngineSettings, 'profiles'> {
  readonly profiles: readonly unknown[];
}

/**
 * Reads the settings for the engine.
 * @param tacoScript `dist/taco.js`
 * @param projectDir what relative commands and `${workspaceFolder}` mean
 * @param scripted use scripted agents, whatever the settings
 */
export function engineSettings(tacoScript: string, projectDir: string, scripted: boolean): WindowSettings {
  return {
    tmuxSocket: setting('taco.tmux.socket'),
    tmuxCommand: expandExecutable(setting('taco.tmux.command'), { env: process.env, projectDir }),
    profile: scripted ? 'scripted' : setting('taco.agent.profile'),
    agentCommand: scripted ? undefined : setting('taco.agent.command').trim() || undefined,
    maxAgents: setting('taco.maxAgents'),
    autoApprove: setting('taco.autoApprove'),
    whenBusy: parseWhenBusy(setting('taco.whenBusy')),
    crossSession: setting('taco.crossSession'),
    relaunch: setting('taco.relaunch'),
    worktrees: setting('taco.worktrees'),
    worktreeSetup: list('taco.worktreeSetup').map(String),
    worktreeInclude: filesThatGitIncludes(),
    check: list('taco.check').map(String),
    mergeCheck: list('taco.mergeCheck').map(String),
    mergeMethod: setting('taco.mergeMethod'),
    mergeWhenProven: setting('taco.mergeWhenProven'),
    pullRequests: setting('taco.pullRequests'),
    checkTimeoutMs: setting('taco.checkMinutes') * 60_000,
    profiles: list('taco.profiles'),
    budget: setting('taco.budget'),
    onLimit: setting('taco.onLimit'),
    limitStopTime: setting('taco.limitStopTime'),
    accounts: setting('taco.accounts'),
    fallbackReturns: setting('taco.fallbackReturns'),
    memoryFloorMb: setting('taco.memoryFloor'),
    history: {
      maxMessages: setting('taco.history.maxMessages'),
      maxAgeMs: setting('taco.history.maxAge') * 60 * 60_000,
    },
    // On the desktop this is Electron; the shim that runs it sets ELECTRON_RUN_AS_NODE.
    tacoCommand: [process.execPath, tacoScript],
    agentEnv: agentEnv(),
  };
}

/** Returns the executable of a profile that the user described; undefined for any other name. */
export function describedCommand(profile: string): string | undefined {
  const found = list('taco.profiles').find(
    (each) => typeof each === 'object' && each !== null && 'name' in each && each.name === profile,
  );
  const command = (found as { readonly command?: unknown } | undefined)?.command;
  return typeof command === 'string' ? command : undefined;
}

/**
 * Returns the Redis URL with the password from the secret storage; undefined when TACO starts its own Redis. Never
 * logged.
 */
export async function redisUrl(secrets: vscode.SecretStorage): Promise<string | undefined> {
  const url = setting('taco.redisUrl').trim();
  if (url === '') return undefined;
  const password = await secrets.get(PASSWORD_KEY);
  return password === undefined ? url : withPassword(url, password);
}

/** Stores the password in the secret storage; an empty one removes it. */
export async function storeRedisPassword(secrets: vscode.SecretStorage, password: string): Promise<void> {
  if (password === '') await secrets.delete(PASSWORD_KEY);
  else await secrets.store(PASSWORD_KEY, password);
}
