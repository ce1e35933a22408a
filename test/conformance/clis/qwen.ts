import type { OpenAiCall } from '../../support/clis/openAiApi';
import { ensureQwen, QWEN_VERSION, qwenHome } from '../../support/clis/qwen';
import { SHARED_CASES } from '../allCases';
import { HOOK_EVENTS } from '../hookLog';
import type { CliUnderTest, SeenComposer, UserView } from './cli';
import { openAiModel } from './openAiModel';
import { QWEN_CASES } from './qwenCases';

const RULE = /^─{20,}$/;
const INTERNAL = /^\[SUGGESTION MODE|^Managed memory has /;

const user: UserView = {
  composer: composerOf,
  empty: /^$|^Type your message/,
  isWorking: (lines, { first }) =>
    lines.slice(Math.max(0, first - 14), first).some((line) => /esc to cancel\)/.test(line)),
  choice: /› 1\. Yes/,
  clearKeys: ['C-u', 'BSpace', 'C-u'],
  leave: '/quit',
  compact: '/compress',
};

export const qwenUnderTest: CliUnderTest = {
  name: 'qwen',
  title: 'Qwen Code',
  npmPackage: '@qwen-code/qwen-code',
  versions: [QWEN_VERSION],
  senders: ['ours'],
  hasHooks: true,
  install: ensureQwen,
  startModel: (scratch) =>
    openAiModel({
      scratch,
      shell: (command, description) => ({
        name: 'run_shell_command',
        input: { command, description, is_background: false },
      }),
      sessionOf,
      words: (text) => (/^\s*<(?:system-reminder|session_context|env)/.test(text) ? null : text),
    }),
  home: ({ home, modelUrl, hooks }) =>
    qwenHome({ home, modelUrl, hooks: Object.fromEntries(HOOK_EVENTS.map((event) => [event, hooks.command(event)])) }),
  user,
  cases: [...SHARED_CASES, ...QWEN_CASES],
};

/**
 * Returns the conversation of a call. The CLI's internal ones (memory, summaries, suggestions) have no tools, another
 * system prompt than the agent, or an instruction of the CLI as the last text.
 */
function sessionOf({ path, hasTools, system, said }: OpenAiCall): string | undefined {
  const isInternal = !hasTools || !system.includes('TACO') || INTERNAL.test(said.at(-1) ?? '');
  return isInternal ? undefined : /\/v1\/([0-9a-f-]{36})\//.exec(path)?.[1];
}

/** Finds the composer between two rules. */
function composerOf(lines: readonly string[]): SeenComposer | null {
  const first = lines.findLastIndex((line, index) => /^[>!*](?: |$)/.test(line) && RULE.test(lines[index - 1] ?? ''));
  const last = lines.findIndex((line, index) => index > first && RULE.test(line));
  if (first < 0 || last < 0) return null;
  return {
    text: lines
      .slice(first, last)
      .map((line) => line.slice(2).replaceAll('\u200b', ''))
      .join('\n')
      .trim(),
    first,
    last,
  };
}
