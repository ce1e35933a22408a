import type { HookData } from '../../core/agents/hookData';

/** Maximum size of Mother's last reply with the plan; a longer text is no plan, characters. */
const MAX_REPLY_LENGTH = 1_000_000;
/** Enough to show a tool's next action, characters. */
const MAX_TOOL_INPUT_LENGTH = 4000;

/** Number of background tasks that are read, and maximum length of each, characters. */
const MAX_TASKS = 100;
const MAX_TASK_LENGTH = 200;

type Fields = Readonly<Record<string, unknown>>;

function text(fields: Fields, name: string, maxLength: number): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value.length <= maxLength ? value : undefined;
}

function jsonText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_TOOL_INPUT_LENGTH);
}

function toolInput(fields: Fields): string | undefined {
  const value = fields['tool_input'] ?? fields['toolInput'];
  return value === undefined ? undefined : JSON.stringify(value).slice(0, MAX_TOOL_INPUT_LENGTH);
}

/** Returns one line for each running shell or subagent of Claude Code's `background_tasks`; undefined when there is none. */
function background(fields: Fields): string | undefined {
  const tasks: unknown = fields['background_tasks'];
  if (!Array.isArray(tasks)) return undefined;
  const lines = tasks.slice(0, MAX_TASKS).flatMap((task: unknown) => {
    if (typeof task !== 'object' || task === null || Array.isArray(task)) return [];
    const { status, type, command, description } = task as Fields;
    const does = [command, description, type].find((value) => typeof value === 'string' && value !== '');
    return status === 'running' && typeof does === 'string'
      ? [(does.split('\n', 1)[0] ?? '').slice(0, MAX_TASK_LENGTH)]
      : [];
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}

/**
 * Parses the fields of a hook's JSON that TACO uses, each checked by hand: zod would double the start-up of a process
 * that an agent waits for. Returns null for anything that is not one whole JSON object. Names are those of Claude
 * Code and similar CLIs (Gemini CLI: `prompt_response`); an unknown or wrongly typed field is left out.
 */
export function parseHookPayload(json: string): HookData | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = value as Fields;
  // A subagent's failure, or that of a fork that compacts the conversation, does not end the agent's turn.
  if (fields['hook_event_name'] === 'StopFailure' && fields['agent_id'] !== undefined) return null;
  const found: Record<keyof HookData, string | undefined> = {
    sessionId: text(fields, 'session_id', 200) ?? text(fields, 'sessionId', 200),
    prompt: text(fields, 'prompt', MAX_REPLY_LENGTH),
    lastMessage:
      text(fields, 'last_assistant_message', MAX_REPLY_LENGTH) ?? text(fields, 'prompt_response', MAX_REPLY_LENGTH),
    toolName: text(fields, 'tool_name', 200) ?? text(fields, 'toolName', 200),
    toolInput: toolInput(fields),
    error: text(fields, 'error', 200),
    errorDetails: jsonText(fields, 'error_details'),
    background: background(fields),
    notification: text(fields, 'notification_type', 200),
    permissionMode: text(fields, 'permission_mode', 64),
    source: text(fields, 'source', 64) ?? text(fields, 'reason', 64),
    transcript: text(fields, 'transcript_path', 4096) || undefined,
    commandId: undefined,
    blockedId: undefined,
    parents: undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, entry]) => entry !== undefined));
}
