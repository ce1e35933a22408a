import * as vscode from 'vscode';
import { isTacoError } from '../../core/errors/tacoError';
import type { Notification, NotificationAction } from '../notifications/notifications';
import { reportError } from '../notifications/reportError';
import { askDenialReason, submitAnswer } from './answer';
import type { CommandDeps } from './commandDeps';
import { reply } from './sendMessage';

/** Runs the buttons of a notification. Failures are shown; a request that has already ended is not an error. */
export function notificationActions(
  deps: CommandDeps,
): (action: NotificationAction, call: Notification) => Promise<void> {
  return async (action, call) => {
    try {
      await act(deps, action, call);
    } catch (error) {
      if (isTacoError(error, 'need-gone'))
        void vscode.window.showInformationMessage(error.localized(vscode.l10n.t).message);
      else await reportError(error, deps.logger);
    }
  };
}

async function act(deps: CommandDeps, action: NotificationAction, call: Notification): Promise<unknown> {
  switch (action) {
    case 'allow':
      return call.kind === 'need' ? submitAnswer(deps, call.request, { kind: 'allow' }) : undefined;
    case 'deny': {
      const given = call.kind === 'need' ? await askDenialReason() : undefined;
      return call.kind === 'need' && given ? submitAnswer(deps, call.request, given) : undefined;
    }
    case 'more':
    case 'answer':
      return vscode.commands.executeCommand(
        'taco.answer',
        call.kind === 'need' ? { subject: { needId: call.request.id } } : undefined,
      );
    case 'answer-which':
      return vscode.commands.executeCommand('taco.answer');
    case 'terminal':
      return vscode.commands.executeCommand('taco.openAgentTerminal', { subject: { window: call.agent?.window } });
    case 'review':
      return vscode.commands.executeCommand('taco.reviewPlan');
    case 'reply':
      return call.kind === 'message' ? reply(deps, call.message, call.projectId) : undefined;
    case 'budget':
      return vscode.commands.executeCommand('taco.setBudget');
    case 'resume-team':
      return vscode.commands.executeCommand('taco.resumeTeam');
    case 'messages':
      return vscode.commands.executeCommand('taco.messages.focus');
    case 'mute':
      return call.agent ? deps.mutes.set(call.agent.name, true) : undefined;
  }
}
