/** Project states from which notifications come. */
import type { InputRequest } from '../../../src/core/requests/inputRequest';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { ProjectState } from '../../../src/vscode/project/projectState';
import { agent, sampleSnapshot } from './fakeTeam';

/** A team at work of which nothing waits for the user, with these differences. */
export function notificationState(more: Partial<Snapshot>): ProjectState {
  const agents = [agent(0, 'mother', 'idle'), agent(2, 'coder', 'busy'), agent(3, 'tester', 'busy')];
  return {
    snapshot: sampleSnapshot({ agents, messages: [], ...more }),
    connected: true,
    missing: 'none',
    error: null,
    ready: true,
  };
}

export function permissionRequest(id: string, window: number, more: Partial<InputRequest> = {}): InputRequest {
  return {
    id,
    window,
    kind: 'permission',
    tool: 'Bash',
    input: '{"command":"npm test"}',
    cut: false,
    choices: [],
    at: 1,
    ...more,
  };
}
