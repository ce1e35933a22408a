import * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import { type TacoErrorCode, toTacoError } from '../../core/errors/tacoError';
import type { CommandId } from '../manifest/contributions';

interface Repair {
  readonly title: string;
  readonly command: CommandId | `workbench.${string}` | 'vscode.openFolder';
  readonly args?: readonly unknown[];
}

/** Returns the one click that most likely fixes a failure; the default is the log. */
function repairOf(code: TacoErrorCode): Repair {
  switch (code) {
    case 'tmux-missing':
    case 'tmux-too-old':
      return { title: vscode.l10n.t('Install tmux'), command: 'taco.install', args: ['tmux'] };
    case 'redis-missing':
      return { title: vscode.l10n.t('Install Redis'), command: 'taco.install', args: ['redis'] };
    case 'cli-missing':
      return { title: vscode.l10n.t('Install Claude Code'), command: 'taco.install', args: ['agent'] };
    case 'redis-unreachable':
      return {
        title: vscode.l10n.t('Open Settings'),
        command: 'workbench.action.openSettings',
        args: ['taco.redisUrl'],
      };
    case 'no-session':
    case 'plan-missing':
      return { title: vscode.l10n.t('Start…'), command: 'taco.start' };
    case 'session-lost':
      return { title: vscode.l10n.t('Resume Session'), command: 'taco.resumeSession' };
    case 'plan-invalid':
    case 'plan-not-delivered':
      return { title: vscode.l10n.t('Review Plan'), command: 'taco.reviewPlan' };
    case 'launch-failed':
      return { title: vscode.l10n.t('Relaunch Agent…'), command: 'taco.relaunchAgent' };
    case 'cli-not-logged-in':
      return { title: vscode.l10n.t('Open Terminal'), command: 'workbench.action.terminal.new' };
    case 'tmux-failed':
    case 'redis-failed':
      return { title: vscode.l10n.t('Run Doctor'), command: 'taco.runDoctor' };
    case 'quota-exceeded':
    case 'timeout':
    case 'session-exists':
      return { title: vscode.l10n.t('Open Monitor'), command: 'taco.openMonitor' };
    case 'no-project':
      return vscode.workspace.workspaceFolders?.length
        ? { title: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' }
        : { title: vscode.l10n.t('Open Folder'), command: 'vscode.openFolder' };
    default:
      return { title: vscode.l10n.t('Show Log'), command: 'taco.showLog' };
  }
}

/** Shows what failed, why, and the next click. Resolves when the user has answered; cancellations are silent. */
export async function reportError(error: unknown, logger: Logger): Promise<void> {
  const failure = toTacoError(error);
  if (failure.code === 'cancelled') return;
  logger.error('shown', { code: failure.code, error: failure, cause: failure.cause });
  const repair = repairOf(failure.code);
  const { message, hint } = failure.localized(vscode.l10n.t);
  const answer = await vscode.window.showErrorMessage(`${message} ${hint}`, repair.title);
  if (answer === repair.title) await vscode.commands.executeCommand(repair.command, ...(repair.args ?? []));
}
