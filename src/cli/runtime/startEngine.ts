import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import { parseBudget } from '../../core/agents/budget';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import type { LimitPolicy } from '../../core/limits/accountLimit';
import { parseWhenBusy } from '../../core/messages/whenBusy';
import { parseAccounts, type Accounts } from '../../core/programs/accounts';
import { DEFAULT_HISTORY } from '../../core/team/history';
import type { HistoryLimits } from '../../core/team/history';
import { Engine } from '../../orchestrator/engine';
import type { LeaderRole } from '../../orchestrator/leadership/leaderTerm';
import { customProfiles } from '../../profiles/customProfile';
import { DEFAULT_MEMORY_FLOOR_MB, defaultSettings, type EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import { argvOption } from '../args/argvOption';
import type { CommandContext } from './commandContext';
import { fileLogger } from './fileLogger';

const HOUR_MS = 60 * 60_000;

function engineSettings(context: CommandContext): EngineSettings {
  const { invocation } = context;
  return {
    ...defaultSettings,
    tmuxSocket: context.project(true).socket,
    profiles: ownProfiles(context),
    profile: invocation.text('profile') ?? defaultSettings.profile,
    agentCommand: invocation.text('agent-command'),
    autoApprove: invocation.flag('yes'),
    worktrees: invocation.flag('worktrees'),
    ...worktreeSetup(invocation.text('worktree-setup')),
    ...checksOf(context),
    budget: budgetOf(invocation.text('budget')),
    onLimit: policyOf(invocation.text('on-limit')),
    limitStopTime: stopTimeOf(invocation.text('limit-stop-time')),
    accounts: accountsOf(context),
    fallbackReturns: !invocation.flag('keep-fallback'),
    memoryFloorMb: memoryFloorOf(context),
    history: historyOf(context),
    whenBusy: parseWhenBusy(invocation.text('when-busy')),
    relaunch: invocation.text('relaunch') === 'onCrash' ? 'onCrash' : defaultSettings.relaunch,
    crossSession: invocation.text('cross-session') === 'show' ? 'show' : 'refuse',
    tacoCommand: [process.execPath, join(__dirname, 'taco.js')],
    agentEnv: {}, // agents have the whole environment of this shell
  };
}

/** Throws TacoError usage. */
function historyOf({ invocation }: CommandContext): HistoryLimits {
  const within = (name: string, least: number, max: number, standard: number): number => {
    const value = invocation.number(name) ?? standard;
    if (value >= least && value <= max) return value;
    throw errors.usage(`--${name} ${value} is out of range.`, `Give a number from ${least} to ${max}.`);
  };
  return {
    maxMessages: Math.floor(within('history-messages', 100, 100_000, DEFAULT_HISTORY.maxMessages)),
    maxAgeMs: within('history-hours', 1, 8760, DEFAULT_HISTORY.maxAgeMs / HOUR_MS) * HOUR_MS,
  };
}

function policyOf(text: string | undefined): LimitPolicy {
  return text === 'ask' || text === 'fallback' ? text : 'wait';
}

/** Throws TacoError usage. */
function stopTimeOf(text = ''): string {
  if (text === '' || /^([01]?\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw errors.usage(`"${text}" is no time of day.`, 'Give a time such as 07:00.');
}

/** Throws TacoError usage when the file cannot be read, or holds no accounts. */
function accountsOf({ invocation, io }: CommandContext): Accounts {
  const file = invocation.text('accounts');
  if (file === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(io.cwd, file), 'utf8'));
  } catch (error) {
    throw errors.usage(`The accounts cannot be read: ${errorMessage(error)}`, 'Give --accounts a JSON file.');
  }
  return parseAccounts(value);
}

/** Throws TacoError usage. */
function memoryFloorOf({ invocation }: CommandContext): number {
  const floor = invocation.number('memory-floor') ?? DEFAULT_MEMORY_FLOOR_MB;
  if (floor >= 0) return floor;
  throw errors.usage(`--memory-floor ${floor} is out of range.`, 'Give a number of MB, or 0 for no floor.');
}

/** US dollars; 0: none. Throws TacoError usage. */
export function budgetOf(text: string | undefined): number {
  const budget = parseBudget(text ?? 'off');
  if (budget === null)
    throw errors.usage(`Invalid budget "${text ?? ''}".`, 'Give US dollars such as 5 or 7.50, or off.');
  return budget;
}

/** Throws TacoError usage. */
function checksOf({
  invocation,
}: CommandContext): Pick<
  EngineSettings,
  'check' | 'mergeCheck' | 'mergeMethod' | 'mergeWhenProven' | 'pullRequests' | 'checkTimeoutMs'
> {
  const [check, mergeCheck] = [invocation.text('check'), invocation.text('merge-check')];
  const minutes = invocation.number('check-minutes') ?? 15;
  if (!(minutes > 0 && minutes <= 1440))
    throw errors.usage(`--check-minutes ${minutes} is out of range.`, 'Give a number up to 1440.');
  return {
    checkTimeoutMs: minutes * 60_000,
    mergeMethod: invocation.text('merge-method') === 'rebase' ? 'rebase' : 'merge',
    mergeWhenProven: invocation.flag('merge-when-proven'),
    pullRequests: invocation.flag('watch-pull-requests') ? 'watch' : 'ask',
    ...(check === undefined ? {} : { check: argvOption('check', check) }),
    ...(mergeCheck === undefined ? {} : { mergeCheck: argvOption('merge-check', mergeCheck) }),
  };
}

/** Throws TacoError usage. */
function worktreeSetup(text: string | undefined): Pick<EngineSettings, 'worktreeSetup'> {
  return text === undefined ? {} : { worktreeSetup: argvOption('worktree-setup', text) };
}

/** Throws TacoError usage when the file cannot be read, or holds no profiles. */
function ownProfiles({ invocation, io }: CommandContext): readonly AgentProfile[] {
  const file = invocation.text('profiles');
  if (file === undefined) return [];
  let json: string;
  try {
    json = readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw errors.usage(`The agent profiles cannot be read: ${errorMessage(error)}`, 'Give --profiles a JSON file.');
  }
  return customProfiles(json);
}

/** Creates the project's log, `TACO_HOME/log/<id>.log`. */
export function projectLogger(context: CommandContext): Logger {
  const place = context.project(true);
  return context.add(
    fileLogger(place.paths.logDir, `${place.id}.log`, context.io.env['TACO_LOG'] === 'trace' ? 'trace' : 'debug'),
  );
}

/**
 * Starts an engine that competes for the project's lease, or for the lease of another role. Throws TacoError
 * tmux-missing, tmux-too-old.
 */
export async function startEngine(context: CommandContext, team: Team, post?: LeaderRole): Promise<Engine> {
  const engine = new Engine(team, engineSettings(context), projectLogger(context), post);
  try {
    await engine.start();
  } catch (error) {
    engine.dispose();
    throw error;
  }
  return engine;
}
