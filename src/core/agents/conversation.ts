import type { AgentRecord } from './agentRecord';
import type { HookData } from './hookData';
import { hookOrigin } from './hookOrigin';

/** Events after which a conversation has a prompt, so that it can be resumed. */
const BEGINS: ReadonlySet<string> = new Set(['UserPromptSubmit', 'PermissionRequest', 'Stop']);
/**
 * Events of a conversation that is on the terminal now. `Stop` and `SessionEnd` are not among them: that of the
 * conversation before may arrive after the start of the next.
 */
const CURRENT: ReadonlySet<string> = new Set(['SessionStart', 'UserPromptSubmit', 'PermissionRequest']);
/** Reasons of a start after which a conversation has no prompt yet. */
const EMPTY: ReadonlySet<string | undefined> = new Set(['clear', 'startup']);

type Conversation = Pick<AgentRecord, 'sessionId' | 'begun' | 'hookParents'>;

/**
 * Returns what a hook report changes about an agent's conversation; null when the report is about another one (of a
 * sub-process of the agent, or of an earlier launch).
 * @param panePid process of the agent's pane; 0 when not known
 */
export function conversationPatch(
  { sessionId, begun, hookParents = '' }: Conversation,
  event: string,
  data: HookData,
  panePid = 0,
): Partial<Conversation> | null {
  const isOther = data.sessionId !== undefined && data.sessionId !== sessionId;
  // A CLI that creates its conversation ids reports the first one now.
  const replaces = isOther && sessionId !== '';
  if (replaces && !isOnTerminal(hookParents, event, data, panePid)) return null;
  const isNew = event === 'SessionStart' && EMPTY.has(data.source);
  return {
    ...(isOther ? { sessionId: data.sessionId } : {}),
    ...(replaces ? { begun: !isNew } : {}),
    ...(BEGINS.has(event) && data.blockedId === undefined && begun !== true ? { begun: true } : {}),
    ...(hookParents === '' && data.parents !== undefined ? { hookParents: data.parents } : {}),
  };
}

/**
 * Returns whether a report of an unknown conversation proves that the agent's terminal shows this one now: the
 * conversation got exactly the text that TACO typed into this terminal, or the agent's own process has it. Where no
 * process is known: the CLI says that it replaced its conversation (`/clear`, `/resume`, a fork, a plan that was
 * approved with an empty context).
 */
function isOnTerminal(known: string, event: string, data: HookData, panePid: number): boolean {
  if (event === 'UserPromptSubmit' && data.commandId !== undefined) return true;
  switch (hookOrigin(known, data.parents ?? '', panePid)) {
    case 'agent':
      return CURRENT.has(event);
    case 'other':
      return false;
    case 'unknown':
      return event === 'SessionStart' && data.source !== undefined && data.source !== 'startup';
  }
}
