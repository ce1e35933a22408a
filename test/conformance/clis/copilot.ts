import { COPILOT_VERSION, copilotHome, ensureCopilot } from '../../support/clis/copilot';
import { SHARED_CASES } from '../allCases';
import type { CliUnderTest, UserView, SeenComposer } from './cli';
import { COPILOT_CASES } from './copilotCases';
import { openAiModel } from './openAiModel';

const RULE = /^─{8,}$/;
/**
 * Copilot's own text in the user's name after a compaction: it quotes earlier texts. It compacts a long conversation
 * only in part.
 */
const SUMMARY = /^(?:The|Some of the) conversation history has been summarized to free up context\./;
/** Copilot's names for the judge's hook events. */
const EVENTS = {
  sessionStart: 'SessionStart',
  userPromptSubmitted: 'UserPromptSubmit',
  permissionRequest: 'PermissionRequest',
  agentStop: 'Stop',
};

const user: UserView = {
  composer: composerOf,
  empty: /^$/,
  isWorking: (lines, { last }) => lines.slice(last).some((line) => /^ *[○◉◎●] /.test(line)),
  choice: /❯ 1\. Yes/,
  clearKeys: ['C-e', 'C-u', 'BSpace'],
};

export const copilotUnderTest: CliUnderTest = {
  name: 'copilot',
  title: 'Copilot CLI',
  npmPackage: '@github/copilot',
  versions: [COPILOT_VERSION],
  senders: ['ours'],
  hasHooks: true,
  install: ensureCopilot,
  startModel: (scratch) =>
    openAiModel({
      scratch,
      shell: (command, description) => ({ name: 'bash', input: { command, description } }),
      // Only the path of its folder contains the conversation's id.
      sessionOf: ({ system }) => /session-state\/([0-9a-f-]{36})/.exec(system)?.[1],
      words: (text) =>
        SUMMARY.test(text)
          ? null
          : text
              .replace(/^<current_datetime>[^<]*<\/current_datetime>\s*?\n\n/, '')
              .replace(/\n\n<(?:system_reminder|system-reminder|reminder)>[\s\S]*$/, ''),
    }),
  home: ({ home, workspace, modelUrl, hooks, trusted }) =>
    copilotHome({
      home,
      workspaces: trusted ? [workspace] : [],
      modelUrl,
      hooks: Object.fromEntries(Object.entries(EVENTS).map(([event, name]) => [event, hooks.command(name)])),
    }),
  user,
  knownMisses: {
    '64 KB':
      'It comes in eleven pieces, each seen in the composer before the next; Copilot draws slower the more its composer holds, and on a loaded machine the 45 s that a case gets are not enough. Nothing of it was sent.',
  },
  cases: [...SHARED_CASES, ...COPILOT_CASES],
};

/** Finds the composer between two rules. */
function composerOf(lines: readonly string[]): SeenComposer | null {
  const first = lines.findLastIndex((line, index) => /^[❯!](?: |$)/.test(line) && RULE.test(lines[index - 1] ?? ''));
  const last = lines.findIndex((line, index) => index > first && RULE.test(line));
  if (first < 0 || last < 0) return null;
  return {
    text: lines
      .slice(first, last)
      .map((line) => line.slice(2))
      .join('\n')
      .trim(),
    first,
    last,
  };
}
