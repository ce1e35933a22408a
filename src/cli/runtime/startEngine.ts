import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import { parseBudget } from '../../core/agents/budget';
import { errors, errorMessage } from '../../core/base/errors';
import type { Logger } from '../../core/team/ports';
import { Engine } from '../../orchestrator/engine';
import type { LeaderRole } from '../../orchestrator/leadership/leaderTerm';
import { customProfiles } from '../../profiles/customProfile';
import { defaultSettings, type EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import { argvOption } from '../args/argvOption';
import type { CommandContext } from './commandContext';
import { fileLogger } from './fileLogger';

export function engineSettings(context: CommandContext): EngineSettings {
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
    budget: budgetOf(invocation.text('budget')),
    relaunch: invocation.text('relaunch') === 'onCrash' ? 'onCrash' : defaultSettings.relaunch,
    tacoCommand: [process.execPath, join(__dirname, 'taco.js')],
    agentEnv: {}, // agents have the whole environment of this shell
  };
}

/** Parses US dollars; 0: no budget. Throws TacoError usage. */
export function budgetOf(text: string | undefined): number {
  const budget = parseBudget(text ?? 'off');
  if (budget === null)
    throw errors.usage(`"${text ?? ''}" is no budget.`, 'Give US dollars such as 5 or 7.50, or off.');
  return budget;
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
