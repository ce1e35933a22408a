/** The effect of each command of the palette on a team. */
import type { RequestKind } from '../../../src/core/team/checkRequest';
import { TEAM_PHASES, type TeamPhase } from '../../../src/core/team/teamPhase';
import type { CommandId } from '../../../src/vscode/manifest/contributions';
import { NO_SESSION, REQUEST_TABLE, type Refusal } from '../requestTable';

/**
 * - a request; `read`: shows a part of a session; `plan`: shows the plan, as far as there is one.
 * - `files`: works on files that agents changed, or sends from an editor: offered only while agents run.
 * - `independent`: needs no session.
 */
export type CommandEffect = RequestKind | 'read' | 'plan' | 'files' | 'send-files' | 'independent';

export const COMMAND_EFFECTS: Readonly<Record<CommandId, CommandEffect>> = {
  'taco.start': 'start',
  'taco.trySample': 'start',
  'taco.stop': 'stop',
  'taco.resumeSession': 'resume',
  'taco.messageAgent': 'send',
  'taco.interruptAgent': 'send',
  'taco.broadcast': 'send',
  'taco.openAgentTerminal': 'read',
  'taco.openTerminalGrid': 'read',
  'taco.relaunchMother': 'relaunch',
  'taco.relaunchAgent': 'relaunch',
  'taco.stopAgent': 'stop-agent',
  'taco.adoptPane': 'adopt',
  'taco.forgetHost': 'forget-host',
  'taco.answer': 'read',
  'taco.revealAgent': 'read',
  'taco.muteAgent': 'read',
  'taco.unmuteAgent': 'read',
  'taco.openMonitor': 'independent',
  'taco.reviewPlan': 'plan',
  'taco.editPlan': 'plan',
  'taco.retryMessage': 'record',
  'taco.dropMessage': 'record',
  'taco.showMessage': 'read',
  'taco.showConversation': 'read',
  'taco.exportMessages': 'read',
  'taco.openService': 'read',
  'taco.setBudget': 'budget',
  'taco.showReport': 'read',
  'taco.pauseTeam': 'pause-team',
  'taco.resumeTeam': 'resume-team',
  'taco.showLog': 'independent',
  'taco.runDoctor': 'independent',
  'taco.setRedisPassword': 'independent',
  'taco.chooseProject': 'independent',
  'taco.switchProject': 'independent',
  'taco.refresh': 'independent',
  'taco.getStarted': 'independent',
  'taco.install': 'independent',
  'taco.sendSelection': 'send-files',
  'taco.sendFile': 'send-files',
  'taco.sendHunk': 'send-files',
  'taco.askToFix': 'send-files',
  'taco.openChange': 'files',
  'taco.openChangedFile': 'files',
  'taco.openChanges': 'files',
  'taco.nextChange': 'files',
  'taco.previousChange': 'files',
  'taco.refreshChanges': 'files',
  'taco.openWorktree': 'files',
  'taco.sendReview': 'send-files',
  'taco.discardReview': 'files',
  'taco.addReviewComment': 'independent',
  'taco.editReviewComment': 'independent',
  'taco.saveReviewComment': 'independent',
  'taco.cancelReviewComment': 'independent',
  'taco.deleteReviewComment': 'independent',
  'taco.mergeWork': 'merge',
  'taco.runCheck': 'run-check',
  'taco.cancelCheck': 'cancel-check',
  'taco.acceptWork': 'accept-work',
  'taco.showEvidence': 'files',
  'taco.compareWith': 'files',
  'taco.openPullRequest': 'files',
  'taco.refreshPullRequests': 'files',
  'taco.removeWorktree': 'files',
  'taco.undoMerge': 'files',
};

const isRequest = (effect: CommandEffect): effect is RequestKind => effect in REQUEST_TABLE;

/** Returns the commands that make a request, with its kind. */
export const REQUESTING = Object.entries(COMMAND_EFFECTS).flatMap(([id, effect]) =>
  isRequest(effect) ? [[id as CommandId, effect] as const] : [],
);

/** Returns whether a command works in a phase, or its refusal. */
export function outcomeOf(effect: CommandEffect, phase: TeamPhase): 'allowed' | Refusal {
  const isThere = phase !== 'none' && phase !== 'failed';
  if (effect === 'independent') return 'allowed';
  // Nothing is asked before a stop that would stop nothing.
  if (effect === 'stop') return isThere ? 'allowed' : NO_SESSION;
  if (isRequest(effect)) return REQUEST_TABLE[effect][phase];
  if (effect === 'plan' || effect === 'read') return isThere ? 'allowed' : NO_SESSION;
  const offered = TEAM_PHASES.filter(
    (each) => each !== 'none' && each !== 'failed' && each !== 'lost' && (effect === 'files' || each !== 'stopping'),
  );
  return offered.includes(phase) ? 'allowed' : NO_SESSION;
}
