/**
 * The real Claude Code for tests: installed into the cache once, run with a scratch home against a mock of its model.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from './npmPrograms';

/** The versions whose behaviour was measured; they differ in relevant ways. */
export const CLAUDE_VERSIONS = ['2.1.197', '2.1.331'] as const;
/** The newest release, which runs the teams of the tests. */
export const NEWEST_CLAUDE = '2.1.332';

/** The npm package of a version, and the path of its executable. */
interface Source {
  readonly spec: string;
  readonly executable: string;
  readonly flags: readonly string[];
}

/** Returns the source of any version. Newer ones need only the native package, which refuses a platform that npm cannot name, hence --force. */
function sourceOf(version: string): Source {
  if (version === '2.1.197')
    return { spec: '@anthropic-ai/claude-code@2.1.197', executable: 'node_modules/.bin/claude', flags: [] };
  const native = `@anthropic-ai/claude-code-linux-${process.arch}`;
  return { spec: `${native}@${version}`, executable: `node_modules/${native}/claude`, flags: ['--force'] };
}

/**
 * Returns the path of the executable; installs it into `${XDG_CACHE_HOME:-~/.cache}/taco/claude/VERSION` when it is
 * missing (240 MB).
 */
export async function ensureClaude(version: string): Promise<string> {
  const { spec, executable, flags } = sourceOf(version);
  return installed({ name: 'claude', version, specs: [spec], executable, flags });
}

/** It belongs to no account; the CLI only checks the format. */
const FAKE_KEY = `sk-ant-api03-${'a'.repeat(40)}-${'b'.repeat(12)}AA`;

export interface ClaudeHomeOptions {
  /** Scratch home folder; created when missing. */
  readonly home: string;
  /** Folders that the CLI trusts, as real paths. */
  readonly workspaces: readonly string[];
  /** URL of the mock model. */
  readonly baseUrl: string;
  /** PATH for the CLI; the test's own when absent. */
  readonly path?: string;
  /** True: telemetry and other optional traffic are not switched off, as users have it. */
  readonly features?: boolean;
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others
 * (`env -i`): one inherited from a surrounding session could send it to a real account.
 */
export async function claudeHome(options: ClaudeHomeOptions): Promise<Record<string, string>> {
  await mkdir(options.home, { recursive: true });
  const projects = options.workspaces.map(
    (workspace) =>
      [workspace, { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, allowedTools: [] }] as const,
  );
  const settings = {
    hasCompletedOnboarding: true,
    lastOnboardingVersion: '9.9.9',
    theme: 'dark',
    numStartups: 5,
    customApiKeyResponses: { approved: [FAKE_KEY.slice(-20)], rejected: [] },
    projects: Object.fromEntries(projects),
  };
  await writeFile(join(options.home, '.claude.json'), JSON.stringify(settings), { mode: 0o600 });
  return {
    HOME: options.home,
    PATH: options.path ?? process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'tmux-256color',
    LANG: 'C.UTF-8',
    ANTHROPIC_API_KEY: FAKE_KEY,
    ANTHROPIC_BASE_URL: options.baseUrl,
    DISABLE_AUTOUPDATER: '1',
    ...(options.features
      ? {}
      : { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' }),
  };
}
