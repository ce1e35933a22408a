import type { AgentRecord } from './agentRecord';
import type { HookData } from './hookData';

/** Events after which a conversation has a prompt, so that it can be resumed. */
const BEGINS: ReadonlySet<string> = new Set(['UserPromptSubmit', 'PermissionRequest', 'Stop']);

type Conversation = Pick<AgentRecord, 'sessionId' | 'begun'>;

/**
 * Returns what a hook report changes about an agent's conversation; null when the report is about another one (of a
 * sub-process of the agent, or of an earlier launch).
 */
export function conversationPatch(
  { sessionId, begun }: Conversation,
  event: string,
  data: HookData,
): Partial<Conversation> | null {
  const isOther = data.sessionId !== undefined && data.sessionId !== sessionId;
  // A CLI that creates its conversation ids reports the first one now.
  const replaces = isOther && sessionId !== '';
  if (replaces && !isOnTerminal(event, data)) return null;
  return {
    ...(isOther ? { sessionId: data.sessionId } : {}),
    ...(replaces ? { begun: data.source !== 'clear' } : {}),
    ...(BEGINS.has(event) && data.blockedId === undefined && begun !== true ? { begun: true } : {}),
  };
}

/**
 * Returns whether a report of an unknown conversation proves that the agent's terminal shows this one now: the CLI
 * replaced its conversation (`/clear`, `/resume`, a fork, a plan that was approved with an empty context), or the
 * conversation got exactly the text that TACO typed into this terminal.
 */
function isOnTerminal(event: string, { source, commandId }: HookData): boolean {
  return (
    (event === 'SessionStart' && source !== undefined && source !== 'startup') ||
    (event === 'UserPromptSubmit' && commandId !== undefined)
  );
}
