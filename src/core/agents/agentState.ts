import type { AgentState } from '../models';
import type { HookData } from '../team/ports';
import type { ScreenReading } from './agentProfile';

/** States in which the CLI does not run: what its hooks still say comes late, and its screen is old. */
const NOT_RUNNING: readonly AgentState[] = ['planned', 'waiting', 'exited', 'failed'];

/** A hook knows better than a screen read so soon after it, milliseconds: the CLI paints later than it reports. */
export const HOOK_BEATS_SCREEN_MS = 1500;

/** What an agent is after its CLI's hook spoke. An event that says nothing about that leaves the state. */
export function nextAgentState(state: AgentState, event: string, data: HookData): AgentState {
  if (NOT_RUNNING.includes(state)) return state;
  switch (event) {
    case 'SessionStart':
      // Also fires when a working agent's conversation is compacted.
      return state === 'busy' || state === 'needs-input' ? state : 'idle';
    case 'UserPromptSubmit':
      // A prompt that the door refused never reached the model. A dialog leaves no room for a prompt, so it is over.
      return data.blockedId === undefined ? 'busy' : state;
    case 'PreToolUse':
    case 'PostToolUse':
      return 'busy';
    case 'PermissionRequest':
      return 'needs-input';
    case 'Notification':
      return data.notification === 'permission_prompt' ? 'needs-input' : state;
    case 'Stop':
      return 'idle';
    case 'SessionEnd': // also fires when a conversation is cleared: the pane tells when the process has ended
    default:
      return state;
  }
}

/** An agent that has reported done and rests is `done`; with a new prompt it works again. */
export function withDone(state: AgentState, done: boolean): AgentState {
  if (state === 'idle' && done) return 'done';
  return state === 'done' && !done ? 'idle' : state;
}

/**
 * What an agent is after a look at its screen.
 * @param sinceHookMs milliseconds since its CLI's last hook; Infinity when it has none
 */
export function agentStateOnScreen(state: AgentState, kind: ScreenReading['kind'], sinceHookMs: number): AgentState {
  if (NOT_RUNNING.includes(state)) return state;
  if (kind === 'dialog') return 'needs-input';
  if (kind === 'unknown' || kind === 'starting' || sinceHookMs < HOOK_BEATS_SCREEN_MS) return state;
  return kind === 'ready' ? 'idle' : 'busy';
}
