import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLAUDE_VERSIONS, claudeHome, ensureClaude } from '../../support/clis/claude';
import { startMessagesApi } from '../../support/clis/messagesApi';
import { SHARED_CASES } from '../allCases';
import { answeredCalls, userTexts } from '../conversation';
import { HOOK_EVENTS } from '../hookLog';
import { modelReply } from '../model';
import { STEER_CASES } from '../steerCases';
import { CLAUDE_CASES } from './claudeCases';
import type { CliUnderTest, HomeRequest, UserView, SeenComposer } from './cli';

const COMPOSER = /^[❯!]\u00a0/;
const RULE = /^─{8,}/;
const WORKS = /^[·✢✳✶✻✽*+] \S.*…/;

const user: UserView = {
  composer: composerOf,
  empty: /^$|^Try "|^Press up|^\?/,
  isWorking: (lines, { first, last }) =>
    lines.slice(last).some((line) => /esc to interrupt/i.test(line)) ||
    lines.slice(Math.max(0, first - 10), first).some((line) => WORKS.test(line)),
  choice: /❯ 1\. \S/,
  clearKeys: ['C-u', 'C-u', 'C-u', 'C-u'],
};

export const claudeUnderTest: CliUnderTest = {
  name: 'claude',
  title: 'Claude Code',
  npmPackage: '@anthropic-ai/claude-code',
  versions: CLAUDE_VERSIONS,
  senders: ['ours', 'bare'],
  hasHooks: true,
  hasFeatureSwitch: true,
  install: ensureClaude,
  startModel: async (scratch) => {
    const api = await startMessagesApi({ reply: (request) => modelReply(request, scratch) });
    return {
      url: api.url,
      turns: (sessionId) =>
        api.requests
          .filter((request) => request.sessionId === sessionId && request.kind === 'turn')
          .map((request) => ({ said: userTexts(request), answered: answeredCalls(request) })),
      close: () => api.close(),
    };
  },
  home: scratchHome,
  bareCommand: (executable, sessionId, resume) => [
    executable,
    resume ? '--resume' : '--session-id',
    sessionId,
    '--permission-mode',
    'default',
  ],
  user,
  cases: [...SHARED_CASES, ...CLAUDE_CASES, ...STEER_CASES],
};

async function scratchHome({
  home,
  workspace,
  modelUrl,
  hooks,
  trusted,
  keyApproved,
  features,
}: HomeRequest): Promise<Record<string, string>> {
  const env = await claudeHome({ home, workspaces: trusted ? [workspace] : [], baseUrl: modelUrl, features });
  mkdirSync(join(home, '.claude'), { recursive: true });
  const entries = HOOK_EVENTS.map((event) => [
    event,
    [{ hooks: [{ type: 'command', command: hooks.command(event), timeout: 20 }] }],
  ]);
  writeFileSync(
    join(home, '.claude', 'settings.json'),
    JSON.stringify({ hooks: Object.fromEntries(entries) as unknown, permissions: { allow: ['Bash(sleep:*)'] } }),
  );
  if (!keyApproved) {
    const file = join(home, '.claude.json');
    const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...settings, customApiKeyResponses: { approved: [], rejected: [] } }));
  }
  return env;
}

/** Finds the composer between two rules. */
function composerOf(lines: readonly string[]): SeenComposer | null {
  const first = lines.findLastIndex((line, index) => COMPOSER.test(line) && RULE.test(lines[index - 1] ?? ''));
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
