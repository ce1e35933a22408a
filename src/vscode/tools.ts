/** Looks for the programs a team needs, without starting any but `tmux -V`. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { toTacoError } from '../core/errors';
import { findExecutable } from '../orchestrator/executables';
import { profileOf } from '../profiles/registry';
import { checkTmux } from '../tmux/tmuxProcess';

export type ToolName = 'tmux' | 'redis' | 'agent';
export interface ToolCheck {
  readonly name: ToolName;
  readonly ok: boolean;
  /** One line for people: what was found, or what is missing. */
  readonly detail: string;
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

/** All three, in the order in which a person should mend them. Never throws. */
export async function checkTools(questions: ToolQuestions): Promise<readonly ToolCheck[]> {
  return Promise.all([tmux(questions), redis(questions), agent(questions)]);
}

async function tmux({ tmuxCommand, env }: ToolQuestions): Promise<ToolCheck> {
  try {
    return { name: 'tmux', ok: true, detail: await checkTmux(tmuxCommand, env) };
  } catch (error) {
    return { name: 'tmux', ok: false, detail: toTacoError(error).inWords(l10n.t).message };
  }
}

async function redis({ redisUrl, env }: ToolQuestions): Promise<ToolCheck> {
  if (redisUrl !== '') return { name: 'redis', ok: true, detail: l10n.t('the Redis whose URL is set') };
  for (const command of ['redis-server', 'valkey-server']) {
    const path = await findExecutable(command, env['PATH'] ?? '');
    if (path !== null) return { name: 'redis', ok: true, detail: path };
  }
  return { name: 'redis', ok: false, detail: l10n.t('neither redis-server nor valkey-server was found on the PATH, and no URL is set') };
}

async function agent({ agentCommand, profile, describedCommand, env }: ToolQuestions): Promise<ToolCheck> {
  const command = agentCommand ?? profileOf(profile)?.defaultCommand ?? describedCommand ?? profile;
  const path = await findExecutable(command, env['PATH'] ?? '');
  return { name: 'agent', ok: path !== null, detail: path ?? l10n.t('"{0}" was not found on the PATH', command) };
}
