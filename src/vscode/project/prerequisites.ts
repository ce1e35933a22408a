/**
 * Finds the programs that a team needs. Starts each only for its version, and an agent CLI not at all. No `vscode`
 * here.
 */
import {
  findAgentCommand,
  checkRedis,
  checkTmuxVersion,
  type ToolCheck,
} from '../../environment/prerequisites/toolChecks';
import { profileOf } from '../../profiles/registry';

type ToolName = 'tmux' | 'redis' | 'agent';
export interface PrerequisiteCheck {
  readonly name: ToolName;
  readonly check: ToolCheck;
}

export interface ToolQuestions {
  readonly tmuxCommand: string;
  /** If not empty, TACO uses that Redis and needs no local server. */
  readonly redisUrl: string;
  /** The command that the user set, if any. */
  readonly agentCommand: string | undefined;
  readonly profile: string;
  /** The command of that profile, if the user described it. */
  readonly describedCommand: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that a relative command refers to. */
  readonly projectDir: string;
}

/**
 * Checks all three, in the order in which the user should fix them. Does not check a Redis whose URL is set. Never
 * throws.
 */
export async function checkTools({
  tmuxCommand,
  redisUrl,
  agentCommand,
  profile,
  describedCommand,
  env,
  projectDir,
}: ToolQuestions): Promise<readonly PrerequisiteCheck[]> {
  const command = agentCommand ?? profileOf(profile)?.defaultCommand ?? describedCommand ?? profile;
  const agent = findAgentCommand(command, { env, projectDir });
  const [tmux, redis] = await Promise.all([
    checkTmuxVersion(tmuxCommand, env),
    redisUrl === '' ? checkRedis(undefined, env) : SET,
  ]);
  return [
    { name: 'tmux', check: tmux },
    { name: 'redis', check: redis },
    { name: 'agent', check: agent },
  ];
}

const SET: ToolCheck = { state: 'here', version: '', where: '', error: null };
