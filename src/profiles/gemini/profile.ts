import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { accountIn } from '../shared/account';
import { geminiHome } from './home';
import { GEMINI_LIMITS } from './limits';
import { GEMINI_DIALOG_HINTS, readGeminiScreen } from './screen';
import { geminiSameText, geminiTextToType } from './text';

/** Gemini CLI, 0.61. Its handling of pasted text: docs/text-equality.md. */
export const geminiProfile: AgentProfile = {
  name: 'gemini',
  title: 'Gemini CLI',
  defaultCommand: 'gemini',
  // Long typed text stalls Gemini CLI. A paste arrives whole, and characters with a special meaning at the start are
  // text in it. A prompt of many thousand characters stops it from drawing for up to a minute on a loaded machine.
  typing: {
    mode: 'paste',
    chunk: Infinity,
    gapMs: 0,
    patienceMs: 60_000,
    submitKey: 'Enter',
    clearKeys: ['C-u', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u'],
  },
  proof: 'hook',
  dialogHints: GEMINI_DIALOG_HINTS,
  queuesWhileBusy: true,
  // Gemini CLI freezes after a long prompt and loses text typed into its first input box. The screen shows neither.
  busyByHooks: true,
  limits: GEMINI_LIMITS,
  account: (env) =>
    accountIn(
      'gemini',
      {
        keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
        address: 'GOOGLE_GEMINI_BASE_URL',
        folder: ['GEMINI_CLI_HOME', '.gemini'],
      },
      env,
    ),
  ownsProcess: (command) => /^(?:gemini|node|MainThread)$/.test(command),
  sessionVariables: [/^GEMINI_CLI(_NO_RELAUNCH|_IDE_\w+)?$/, /^GEMINI_(SESSION_ID|PROJECT_DIR|CWD)$/],
  launch: launchGemini,
  readScreen: readGeminiScreen,
  textToType: geminiTextToType,
  sameText: geminiSameText,
};

const MODES: Readonly<Record<string, string>> = { acceptEdits: 'auto_edit', plan: 'plan', bypassPermissions: 'yolo' };

function launchGemini(context: LaunchContext): LaunchSpec {
  const { home, ...written } = geminiHome(context);
  return {
    argv: [
      context.command,
      ...(context.resume ? ['--resume', context.sessionId] : ['--session-id', context.sessionId]),
      '--approval-mode',
      MODES[context.permissionMode ?? ''] ?? 'default',
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    // Without truecolor the input box has no edges by which it can be recognised.
    env: { GEMINI_CLI_HOME: home, COLORTERM: 'truecolor' },
    ...written,
  };
}
