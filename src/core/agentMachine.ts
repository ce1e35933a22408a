import type { AgentState } from './models';
import type { HookData } from './ports';

/** What an agent is after its CLI's hook spoke. An event that says nothing about that leaves the state. */
export function nextAgentState(state: AgentState, event: string, data: HookData): AgentState {
  switch (event) {
    case 'SessionStart':
      return state === 'busy' || state === 'needs-input' ? state : 'idle';
    case 'UserPromptSubmit':
      // A prompt that the door refused never reached the model.
      return data.blockedId === undefined ? 'busy' : state;
    case 'PermissionRequest':
      return 'needs-input';
    case 'Notification':
      return data.notification === 'permission_prompt' ? 'needs-input' : state;
    case 'Stop':
      return 'idle';
    case 'SessionEnd':
      return state;
    default:
      return state;
  }
}
