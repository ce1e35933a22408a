import * as z from 'zod';
import type { ScreenReading } from './agentProfile';
import type { HookData } from './hookData';

export const agentStateSchema = z.enum([
  'starting',
  'idle',
  'busy',
  'needs-input',
  'limited',
  'done',
  'exited',
  'failed',
]);
/** `limited`: the model refused its turn, and the turn was not continued yet. */
export type AgentState = z.infer<typeof agentStateSchema>;

/** States in which the CLI does not run: its hook reports are late and its screen is old. */
const NOT_RUNNING: readonly AgentState[] = ['exited', 'failed'];

/** A hook report overrides a screen captured this soon after it, milliseconds: the CLI paints later than it reports. */
export const HOOK_BEATS_SCREEN_MS = 1500;

/**
 * A busy screen overrides a hook that announced a dialog only after this long, milliseconds, while the hook waits for
 * its answer and no screen has shown the dialog: a loaded machine draws it seconds later.
 */
export const DIALOG_DRAWN_WITHIN_MS = 6000;

/** Returns the agent's state after a hook report. Events without information about the state leave it unchanged. */
export function nextAgentState(state: AgentState, event: string, data: HookData): AgentState {
  if (NOT_RUNNING.includes(state)) return state;
  switch (event) {
    case 'SessionStart':
      // The event also fires when the conversation of a working agent is compacted.
      return state === 'busy' || state === 'needs-input' ? state : 'idle';
    case 'UserPromptSubmit':
      // The model never got a prompt that the prompt check refused. A prompt proves that no dialog is open any more.
      return data.blockedId === undefined ? 'busy' : state;
    case 'PreToolUse':
    case 'PostToolUse':
      return 'busy';
    case 'PermissionRequest':
      return 'needs-input';
    case 'Notification':
      return data.notification === 'permission_prompt' ? 'needs-input' : state;
    case 'Stop':
    case 'StopFailure': // the text of the failure may make it `limited`
      return 'idle';
    case 'SessionEnd': // also fires when a conversation is cleared; the pane shows the end of the process
    default:
      return state;
  }
}

/** Applies the done flag: an idle agent that reported done is `done`; without the flag it is `idle` again. */
export function withDone(state: AgentState, done: boolean): AgentState {
  if (state === 'idle' && done) return 'done';
  return state === 'done' && !done ? 'idle' : state;
}

/**
 * Returns the agent's state after a screen capture.
 * @param sinceHookMs milliseconds since the last hook report of its CLI; Infinity if there was none
 * @param awaitsDialog whether a dialog that a hook announced was on no screen yet, and its request is open
 */
export function agentStateOnScreen(
  state: AgentState,
  kind: ScreenReading['kind'],
  sinceHookMs: number,
  awaitsDialog = false,
): AgentState {
  if (NOT_RUNNING.includes(state)) return state;
  if (kind === 'dialog') return 'needs-input';
  if (kind === 'unknown' || kind === 'starting' || sinceHookMs < HOOK_BEATS_SCREEN_MS) return state;
  if (state === 'needs-input' && kind === 'busy' && awaitsDialog && sinceHookMs < DIALOG_DRAWN_WITHIN_MS) return state;
  // An input box does not show whether a refused turn was continued.
  if (kind === 'ready') return state === 'limited' ? state : 'idle';
  return 'busy';
}
