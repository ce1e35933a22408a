/**
 * Input and output of Claude Code's PermissionRequest hook. No zod, because the agent's dialog opens while this module
 * loads.
 */
import type { InputRequest, InputResponse } from './inputRequest';

type Fields = Readonly<Record<string, unknown>>;

/** Longer inputs are cut off, characters. */
const MAX_INPUT_LENGTH = 100_000;
const MAX_CHOICES = 8;
/** The extra choice when a plan is approved; the CLI suggests none. */
const ACCEPT_EDITS = { type: 'setMode', mode: 'acceptEdits', destination: 'session' } as const;

/** A permission request as the hook received it. */
export interface PermissionRequest {
  readonly tool: string;
  readonly input: unknown;
  /** Permission rules that the CLI suggests to store with a yes, each with a label for users. */
  readonly offers: readonly { readonly words: string; readonly update: unknown }[];
}

/** Parses the hook's JSON; null if it names no tool. */
export function permissionRequestOf(json: string): PermissionRequest | null {
  let fields: Fields | null;
  try {
    fields = JSON.parse(json) as Fields | null;
  } catch {
    return null;
  }
  const tool = fields?.['tool_name'];
  if (!fields || typeof tool !== 'string' || tool === '') return null;
  const suggested = tool === 'ExitPlanMode' ? [ACCEPT_EDITS] : fields['permission_suggestions'];
  const offers = (Array.isArray(suggested) ? (suggested as unknown[]) : []).flatMap((update) => {
    const words = wordsOf(update);
    return words === null ? [] : [{ words, update }];
  });
  return { tool, input: fields['tool_input'] ?? {}, offers: offers.slice(0, MAX_CHOICES) };
}

export function inputRequestOf(request: PermissionRequest, id: string, window: number, at: number): InputRequest {
  const input = JSON.stringify(request.input);
  return {
    id,
    window,
    kind: request.tool === 'AskUserQuestion' ? 'question' : request.tool === 'ExitPlanMode' ? 'plan' : 'permission',
    tool: request.tool.slice(0, 200),
    input: input.slice(0, MAX_INPUT_LENGTH),
    cut: input.length > MAX_INPUT_LENGTH,
    choices: request.offers.map(({ words }) => words.slice(0, 400)),
    at,
  };
}

/**
 * Returns the hook's output for the user's answer; null when the answer does not fit the request, so that the dialog
 * stays open.
 */
export function decisionOf(request: PermissionRequest, answer: InputResponse): string | null {
  const decision = decide(request, answer);
  return decision === null
    ? null
    : JSON.stringify({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } });
}

function decide({ tool, input, offers }: PermissionRequest, answer: InputResponse): object | null {
  // A plain yes would report the question to the agent as unanswered.
  if (tool === 'AskUserQuestion' && answer.kind === 'allow') return null;
  switch (answer.kind) {
    case 'allow': {
      if (answer.choice === undefined) return { behavior: 'allow' };
      const offer = offers[answer.choice];
      return offer === undefined ? null : { behavior: 'allow', updatedPermissions: [offer.update] };
    }
    case 'deny':
      return {
        behavior: 'deny',
        message:
          answer.note.trim() ||
          'The user denied this. Do not try it again; continue without it, or ask what to do instead.',
      };
    case 'answers':
      return tool === 'AskUserQuestion'
        ? { behavior: 'allow', updatedInput: { ...(input as object), answers: answer.answers } }
        : null;
    case 'pick':
      return null;
  }
}

/** Returns the label of an update; null for unknown updates, so that the user never agrees to something unnamed. */
function wordsOf(update: unknown): string | null {
  const { type, mode, behavior, rules, directories, destination } = (update ?? {}) as Fields;
  const validity = destination === 'session' ? 'in this session' : 'in this project from now on';
  if (type === 'setMode' && mode === 'acceptEdits') return 'and accept its edits without asking, in this session';
  if (type === 'addDirectories' && Array.isArray(directories))
    return `and let it use ${directories.join(', ')} ${validity}`;
  if (type === 'addRules' && behavior === 'allow' && Array.isArray(rules)) {
    const named = (rules as Fields[]).map(({ toolName, ruleContent }) =>
      typeof ruleContent === 'string' ? `${String(toolName)}(${ruleContent})` : String(toolName),
    );
    return `and always allow ${named.join(', ')} ${validity}`;
  }
  return null;
}
