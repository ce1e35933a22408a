/**
 * The mock model: follows the user's prompt by a word of the form `go:WORD`, and answers "Understood." to everything
 * else.
 */
import type { ModelRequest, Reply } from '../support/clis/messagesApi';
import { sideReply } from '../support/clis/messagesApi';

/**
 * Returns a prompt of the user that makes the model act. `tag` names the tool call, so that its answer can be
 * distinguished.
 */
export function order(
  word: 'permission' | 'question' | 'plan' | 'think' | 'permissions' | 'tools' | 'mixed',
  tag: string,
  delayMs = 0,
): string {
  return `go:${word} ${tag} ${delayMs}`;
}

const ORDER = /^go:(\w+) (\S+) (\d+)$/;
const COMPACTION = /detailed summary of (?:the|this|our) conversation/i;
/** Time that the model takes for a compaction, milliseconds: long enough to send during it. */
const COMPACTION_MS = 2500;

/** Returns true for a CLI's own request to compact the conversation, sent in the user's name. */
export function isCompaction(text: string): boolean {
  return COMPACTION.test(text);
}

export function isOrder(text: string): boolean {
  return ORDER.test(text);
}

/** Builds a call of the tool that runs a command, as the CLI names it. */
export type ShellTool = (command: string, description: string) => NonNullable<Reply['tools']>[number];

const claudeShell: ShellTool = (command, description) => ({ name: 'Bash', input: { command, description } });

/** Returns the model's answer. `scratch` is a folder for the commands that it requests. */
export function modelReply(request: ModelRequest, scratch: string): Reply {
  if (request.kind === 'side' && !request.prompts.some((prompt) => COMPACTION.test(prompt))) return sideReply;
  return nextInChain(request) ?? modelActs(request.prompts, scratch, claudeShell);
}

/** Description of a call that `left` others follow, each of `seconds`. */
const CHAIN = /"description":"Chain (\d+) ([\d.]+)"/;

function chained(left: number, seconds: string, shell: ShellTool): Reply {
  return { tools: [shell(`sleep ${seconds}`, `Chain ${left} ${seconds}`)] };
}

/** Returns the next call of a chain whose last one has ended well; null when none follows. */
function nextInChain({ body, toolResults }: ModelRequest): Reply | null {
  if (toolResults.length === 0 || toolResults.some(({ isError }) => isError)) return null;
  const { messages } = body as { readonly messages: readonly { readonly role: string; readonly content: unknown }[] };
  const call = CHAIN.exec(JSON.stringify(messages.findLast(({ role }) => role === 'assistant')?.content ?? ''));
  const left = Number(call?.[1] ?? 0);
  return left > 0 ? chained(left - 1, call?.[2] ?? '1', claudeShell) : null;
}

/** Returns the model's actions in a turn, from the user's texts since its last answer. */
export function modelActs(prompts: readonly string[], scratch: string, shell: ShellTool): Reply {
  if (prompts.some((prompt) => COMPACTION.test(prompt)))
    return { text: '<summary>All was said.</summary>', delayMs: COMPACTION_MS };
  const found = prompts.map((prompt) => ORDER.exec(prompt)).findLast((match) => match !== null);
  if (!found) return { text: 'Understood.' };
  const [, word, tag = '', delay = '0'] = found;
  return { delayMs: Number(delay), ...act(word, tag, scratch, shell) };
}

function act(word: string | undefined, tag: string, scratch: string, shell: ShellTool): Reply {
  switch (word) {
    case 'permission':
      return { tools: [shell(`touch ${scratch}/${tag}`, `Make ${tag}`)] };
    case 'permissions':
      return { tools: [1, 2].map((n) => shell(`touch ${scratch}/${tag}-${n}`, `Make ${tag}-${n}`)) };
    case 'tools': {
      const [, count = '1', seconds = '1'] = tag.split(':');
      return chained(Number(count) - 1, seconds, shell);
    }
    case 'mixed':
      return {
        tools: [
          shell('sleep 2', 'Wait before'),
          shell(`touch ${scratch}/${tag}`, `Make ${tag}`),
          shell('sleep 2', 'Wait after'),
        ],
      };
    case 'question':
      return {
        tools: [
          {
            name: 'AskUserQuestion',
            input: {
              questions: [
                {
                  question: `Which colour for ${tag}?`,
                  header: 'Colour',
                  multiSelect: false,
                  options: [
                    { label: 'Red', description: 'A warm one' },
                    { label: 'Blue', description: 'A cold one' },
                  ],
                },
              ],
            },
          },
        ],
      };
    case 'plan':
      return { tools: [{ name: 'ExitPlanMode', input: { plan: `# Plan ${tag}\n\n1. Do it.` } }] };
    default:
      return { text: `I thought about ${tag}.` };
  }
}
