import { OPENCODE_VERSION, ensureOpenCode, openCodeHome } from '../../support/clis/openCode';
import { SHARED_CASES } from '../allCases';
import type { HookLog } from '../hookLog';
import type { CliUnderTest, UserView, SeenComposer } from './cli';
import { openAiModel } from './openAiModel';
import { OPENCODE_CASES } from './openCodeCases';

const user: UserView = {
  composer: composerOf,
  empty: /^$|^Ask anything/,
  isWorking: (lines, { last }) => lines.slice(last).some((line) => /esc (?:again to )?interrupt/.test(line)),
  choice: /Allow once +Allow always/,
  clearKeys: ['C-u', 'BSpace', 'C-u'],
  leavesAtCtrlC: true,
};

export const openCodeUnderTest: CliUnderTest = {
  name: 'opencode',
  title: 'OpenCode',
  npmPackage: 'opencode-ai',
  versions: [OPENCODE_VERSION],
  senders: ['ours'],
  hasHooks: true,
  install: ensureOpenCode,
  startModel: (scratch) =>
    openAiModel({
      scratch,
      shell: (command, description) => ({ name: 'bash', input: { command, description } }),
      // A request for a title contains no tools.
      sessionOf: ({ headers, hasTools }) =>
        hasTools && typeof headers['x-session-id'] === 'string' ? headers['x-session-id'] : undefined,
      words: (text) => (/^<(?:system-reminder|environment)/.test(text) ? null : text),
    }),
  home: ({ home, modelUrl, hooks }) => openCodeHome({ home, modelUrl, plugin: ears(hooks) }),
  user,
  knownMisses: {
    'the agent is killed while the message is typed':
      'It is not typed but pasted, whole, so at the kill Enter was pressed already and nobody can know whether OpenCode had taken the text: it is told as uncertain, which is what is promised for a pane that ends between Enter and proof.',
  },
  cases: [...SHARED_CASES, ...OPENCODE_CASES],
};

/** Returns a plugin that reports each prompt to the judge. */
export function ears(hooks: HookLog): string {
  return `import { execFileSync } from 'node:child_process';
export const Ears = async () => ({
  'chat.message': async ({ sessionID }, { parts }) => {
    const prompt = parts.filter((part) => part.type === 'text' && !part.synthetic).map((part) => part.text).join('\\n');
    execFileSync('sh', ['-c', ${JSON.stringify(hooks.command('UserPromptSubmit'))}], { input: JSON.stringify({ session_id: sessionID, prompt }) });
  },
});
`;
}

/** Finds the composer: behind the bar, above the agent's line and the lower edge; other text may be beside it. */
function composerOf(lines: readonly string[]): SeenComposer | null {
  const last = lines.findLastIndex((line) => /^ *╹▀{8,}/.test(line));
  const left = lines[last]?.indexOf('╹') ?? -1;
  const width = /▀+/.exec(lines[last] ?? '')?.[0].length ?? 0;
  if (left < 0 || width === 0) return null;
  let first = last - 3;
  while (/^ *┃ *$/.test((lines[first - 1] ?? '').slice(0, left + width)) === false && lines[first - 1]?.[left] === '┃')
    first -= 1;
  return {
    text: lines
      .slice(first, last - 2)
      .map((line) => line.slice(left + 1, left + 1 + width))
      .join('\n')
      .trim(),
    first,
    last,
  };
}
