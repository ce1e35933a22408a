/** Looks for the programs a team needs, starting each only to hear its version, an agent CLI not even for that. No `vscode` here. */
import { findProgram, checkRedis, checkTmuxVersion, type ToolCheck } from '../../environment/prerequisites/toolChecks';
import { profileOf } from '../../profiles/registry';

export type ToolName = 'tmux' | 'redis' | 'agent';
export interface PrerequisiteCheck {
  readonly name: ToolName;
  readonly look: ToolCheck;
}

export interface ToolQuestions {
  readonly tmuxCommand: string;
  /** Non-empty: that Redis is used and no local server is needed. */
  readonly redisUrl: string;
  /** The command that was set, if one was. */
  readonly agentCommand: string | undefined;
  readonly profile: string;
  /** The command of that profile, if the person described it. */
  readonly describedCommand: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** All three, in the order in which a person should mend them. A Redis whose URL is set is not asked. Never throws. */
export async function checkTools({
  tmuxCommand,
  redisUrl,
  agentCommand,
  profile,
  describedCommand,
  env,
}: ToolQuestions): Promise<readonly PrerequisiteCheck[]> {
  const command = agentCommand ?? profileOf(profile)?.defaultCommand ?? describedCommand ?? profile;
  const [tmux, redis, agent] = await Promise.all([
    checkTmuxVersion(tmuxCommand, env),
    redisUrl === '' ? checkRedis(undefined, env) : SET,
    findProgram(command, env),
  ]);
  return [
    { name: 'tmux', look: tmux },
    { name: 'redis', look: redis },
    { name: 'agent', look: agent },
  ];
}

const SET: ToolCheck = { state: 'here', version: '', where: '', error: null };
