import { join } from 'node:path';
import type { EngineSettings } from '../../../src/team/engineSettings';
import type { Team } from '../../../src/team/team';
import { TestTeam } from '../team';
import { claudeHome, ensureClaude } from './claude';
import { startMessagesApi, type MessagesApi, type MessagesApiOptions } from './messagesApi';

export interface ClaudeTeamOptions {
  readonly version: string;
  /** Returns the mock model's answer. */
  readonly reply: MessagesApiOptions['reply'];
  readonly settings?: Partial<EngineSettings>;
  /** Variables of the user, besides those that the mock model needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** False: Claude Code asks whether the user trusts the project. */
  readonly trusted?: boolean;
  /** Prepares the empty project before any process leads it. */
  readonly prepare?: (bed: TestTeam) => void;
  /** Changes the scratch home before a Claude Code starts in it. */
  readonly prepared?: (bed: TestTeam) => void;
  /** Returns the user's command for Claude Code, once the project is prepared; absent: its executable. */
  readonly command?: () => string | undefined;
}

/** The real Claude Code with a mock model, and an engine that leads a project with it; no team is started yet. */
export interface ClaudeTeam {
  readonly bed: TestTeam;
  readonly api: MessagesApi;
  readonly team: Team;
  readonly dispose: () => Promise<void>;
}

export async function claudeTeam({
  version,
  reply,
  settings = {},
  trusted = true,
  env = {},
  prepare,
  prepared,
  command,
}: ClaudeTeamOptions): Promise<ClaudeTeam> {
  const executable = await ensureClaude(version);
  const bed = new TestTeam();
  prepare?.(bed);
  const agentCommand = command?.() ?? executable;
  const api = await startMessagesApi({ reply });
  const home = await claudeHome({
    home: join(bed.dir, 'claude-home'),
    workspaces: trusted ? [bed.project] : [],
    baseUrl: api.url,
  });
  prepared?.(bed);
  // The engine sets its PATH: `taco` is first on it.
  const agentEnv = { ...Object.fromEntries(Object.entries(home).filter(([name]) => name !== 'PATH')), ...env };
  const team = await bed.open();
  await bed.engine(team, { agentCommand, agentEnv, ...settings });
  const dispose = async (): Promise<void> => {
    await bed.dispose();
    await api.close();
  };
  return { bed, api, team, dispose };
}
