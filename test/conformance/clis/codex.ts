import { CODEX_VERSION, codexHome, ensureCodex } from '../../support/clis/codex';
import type { OpenAiCall } from '../../support/clis/openAiApi';
import { SHARED_CASES } from '../allCases';
import { HOOK_EVENTS } from '../hookLog';
import type { CliUnderTest, UserView, SeenComposer } from './cli';
import { CODEX_CASES } from './codexCases';
import { openAiModel } from './openAiModel';

const user: UserView = {
  composer: composerOf,
  empty: /^$|^Ask Codex to do anything$/,
  isWorking: (lines, { first }) =>
    lines.slice(Math.max(0, first - 10), first).some((line) => /^[•◦] .*esc to interrupt\)/.test(line)),
  choice: /› 1\. Yes/,
  clearKeys: ['C-e', 'C-u', 'BSpace'],
  leavesAtCtrlC: true,
};

export const codexUnderTest: CliUnderTest = {
  name: 'codex',
  title: 'Codex',
  npmPackage: '@openai/codex',
  versions: [CODEX_VERSION],
  senders: ['ours'],
  hasHooks: true,
  install: ensureCodex,
  startModel: (scratch) =>
    openAiModel({
      scratch,
      // Only a request to leave the sandbox opens a dialog.
      shell: (cmd, justification) => ({
        name: 'exec_command',
        input: { cmd, justification, sandbox_permissions: 'require_escalated' },
      }),
      sessionOf,
      // Codex's own texts about the folder and itself.
      words: (text) =>
        /^<(?:environment_context|user_instructions|turn_aborted|skills?_|apps?_)|^# AGENTS\.md instructions/.test(text)
          ? null
          : text,
    }),
  home: ({ home, workspace, modelUrl, hooks, trusted }) =>
    codexHome({
      home,
      workspaces: trusted ? [workspace] : [],
      modelUrl,
      hooks: Object.fromEntries(HOOK_EVENTS.map((event) => [event, hooks.command(event)])),
    }),
  user,
  cases: [...SHARED_CASES, ...CODEX_CASES],
};

/** Returns the conversation of a call; Codex requests the title of a conversation in a separate thread. */
function sessionOf({ headers }: OpenAiCall): string | undefined {
  const { 'session-id': session, 'x-codex-turn-metadata': metadata } = headers;
  if (typeof session !== 'string') return undefined;
  const about = typeof metadata === 'string' ? (JSON.parse(metadata) as Record<string, unknown>) : {};
  return about['thread_source'] === 'thread_title' ? undefined : session;
}

/** Finds the composer: from the lowest prompt character at the margin to the empty line above the footer. */
function composerOf(lines: readonly string[]): SeenComposer | null {
  const footer = lines.findLastIndex((line) => line !== '');
  const last = lines.findLastIndex((line, index) => index < footer && line === '');
  const first = lines.findLastIndex(
    (line, index) => index < last && /^[›!](?: |$)/.test(line) && !/^› \d+\. /.test(line),
  );
  if (first < 0 || lines.slice(first + 1, last).some((line) => line !== '' && !line.startsWith('  '))) return null;
  return {
    text: lines
      .slice(first, last)
      .map((line) => line.slice(2).replace(/[↑↓]$/, ''))
      .join('\n')
      .trim(),
    first,
    last,
  };
}
