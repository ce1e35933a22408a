import { GEMINI_VERSION, SESSION_HEADER, ensureGemini, geminiHome } from '../../support/clis/gemini';
import { startGeminiApi } from '../../support/clis/geminiApi';
import type { Reply } from '../../support/clis/messagesApi';
import { SHARED_CASES } from '../allCases';
import { modelActs } from '../model';
import type { CliUnderTest, ModelStandIn, UserView, SeenComposer, Turn } from './cli';
import { GEMINI_CASES } from './geminiCases';

const RULE = /^─{20,}/;

const user: UserView = {
  composer: composerOf,
  empty: /^$|^Type your message/,
  isWorking: (lines, { first }) =>
    lines.slice(Math.max(0, first - 14), first).some((line) => /\(esc to cancel/.test(line)),
  choice: /● 1\. +\S/,
  clearKeys: ['C-u', 'BSpace', 'C-u'],
  leave: '/quit',
  compact: '/compress',
};

export const geminiUnderTest: CliUnderTest = {
  name: 'gemini',
  title: 'Gemini CLI',
  npmPackage: '@google/gemini-cli',
  versions: [GEMINI_VERSION],
  senders: ['ours'],
  hasHooks: true,
  install: ensureGemini,
  startModel,
  home: ({ home, modelUrl, trusted, hooks }) =>
    geminiHome({
      home,
      modelUrl,
      trusted,
      hooks: {
        SessionStart: hooks.command('SessionStart'),
        BeforeAgent: hooks.command('UserPromptSubmit'),
        Notification: hooks.command('PermissionRequest'),
        AfterAgent: hooks.command('Stop'),
      },
    }),
  user,
  slowness: 4,
  cases: [...SHARED_CASES, ...GEMINI_CASES],
};

async function startModel(scratch: string): Promise<ModelStandIn> {
  const turns = new Map<string, Turn[]>();
  const api = await startGeminiApi((call) => {
    const sessionId = String(call.headers[SESSION_HEADER] ?? '');
    if (!call.hasTools)
      return {
        text: '{"complexity_reasoning":"short","complexity_score":10,"reasoning":"done","next_speaker":"user"}',
      };
    turns.set(sessionId, [...(turns.get(sessionId) ?? []), { said: userWords(call.said), answered: call.answered }]);
    return inItsTools(
      modelActs(userWords(call.prompts), scratch, (command, description) => ({
        name: 'run_shell_command',
        input: { command, description },
      })),
    );
  });
  return { url: api.url, turns: (sessionId) => turns.get(sessionId) ?? [], close: () => api.close() };
}

/**
 * Returns the user's texts without the CLI's own context, and without the files that it appends to a prompt that names
 * them.
 */
function userWords(said: readonly string[]): string[] {
  let inFiles = false;
  return said.filter((text) => {
    if (text.startsWith('\n--- Content from referenced files ---')) inFiles = true;
    const isOwn = !inFiles && !/^\s*<(?:session_context|hook_context|system_note)>/.test(text);
    if (text.startsWith('\n--- End of content ---')) inFiles = false;
    return isOwn;
  });
}

function inItsTools(reply: Reply): Reply {
  const tools = reply.tools?.map(({ name, input }) => {
    if (name !== 'AskUserQuestion') return { name, input };
    const questions = (input['questions'] as readonly Record<string, unknown>[]).map((question) => ({
      ...question,
      multiSelect: undefined,
      type: 'choice',
    }));
    return { name: 'ask_user', input: { questions } };
  });
  return { ...reply, ...(tools ? { tools } : {}) };
}

/** Finds the composer: the framed rows with the rule a little above them, since earlier texts are framed as well. */
function composerOf(lines: readonly string[]): SeenComposer | null {
  const last = lines.findLastIndex((line) => /^▀{20,}$/.test(line));
  const top = lines.findLastIndex((line, index) => index < last && /^▄{20,}$/.test(line));
  if (top < 0 || !lines.slice(Math.max(0, top - 4), top).some((line) => RULE.test(line))) return null;
  const [first = '', ...others] = lines.slice(top + 1, last);
  if (!/^ [>!*](?: |$)/.test(first)) return null;
  return {
    text: [first, ...others]
      .map((line) => line.slice(3))
      .join('\n')
      .trim(),
    first: top + 1,
    last,
  };
}
