/** A project host over fake teams, in a fake window. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { CommandDeps } from '../../../src/vscode/commands/commandDeps';
import type { EngineApi } from '../../../src/vscode/project/engineApi';
import type { PrerequisiteChecks, ProjectHost } from '../../../src/vscode/project/projectHost';
import { silentLogger } from '../loggers';
import { FakeTeam, sampleSnapshot } from './fakeTeam';
import type { FakeVscode } from './fakeVscode';

const nothing = (): void => undefined;

/** A team whose connection can be closed, as the real one closes with its project. */
class ClosableTeam extends FakeTeam {
  closed = false;
  override async request(request: Parameters<FakeTeam['request']>[0]): Promise<void> {
    if (this.closed) throw new Error('Connection is closed.');
    await super.request(request);
  }
  override dispose(): void {
    this.closed = true;
    super.dispose();
  }
}

export interface WindowProject {
  readonly host: ProjectHost;
  readonly deps: CommandDeps;
  /** One for each time that the project was opened. */
  readonly teams: readonly ClosableTeam[];
  /** Passes the snapshot to every window. */
  show(snapshot: Snapshot): void;
  /** Closes the window; removes its folder and TACO's. */
  dispose(): void;
}

/** @param load imports the class once the fake is installed @param tools the programs found on this machine */
export async function windowProject(
  vscode: FakeVscode,
  load: () => Promise<{ ProjectHost: typeof ProjectHost }>,
  tools: PrerequisiteChecks['checkTools'],
  first = sampleSnapshot({ session: null, agents: [], plan: null }),
): Promise<WindowProject> {
  vscode.folder = realpathSync(mkdtempSync(join(tmpdir(), 'taco-window-')));
  const home = process.env['TACO_HOME'];
  process.env['TACO_HOME'] = join(vscode.folder, 'home');
  const teams: ClosableTeam[] = [];
  let now = first;
  const engine = {
    start: async () => undefined,
    shutdown: async () => undefined,
    dispose: nothing,
    leading: true,
    onLeading: () => ({ dispose: nothing }),
  };
  const backend = {
    open: async () => ({ team: teams[teams.push(new ClosableTeam(now)) - 1], createEngine: () => engine }),
  } as unknown as EngineApi;
  const memory = new Map<string, unknown>();
  const context = {
    workspaceState: {
      get: (key: string) => memory.get(key),
      update: async (key: string, value: unknown) => void memory.set(key, value),
    },
    secrets: { get: async () => undefined },
    asAbsolutePath: (path: string) => path,
  } as unknown as ConstructorParameters<typeof ProjectHost>[0];
  const { ProjectHost: Host } = await load();
  const host = new Host(context, async () => backend, silentLogger, {
    checkTools: tools,
    sessionRuns: async () => false,
  });
  const page = { show: nothing };
  return {
    host,
    teams,
    deps: {
      host,
      monitor: page,
      planReview: page,
      logger: silentLogger,
      projects: async () => ({ read: async () => [], answer: async () => undefined, dispose: () => undefined }),
      engineSettings: () => host.engineSettings(),
    } as unknown as CommandDeps,
    show: (snapshot) => {
      now = snapshot;
      for (const team of teams) if (!team.closed) team.show(snapshot);
    },
    dispose: () => {
      host.dispose();
      if (home === undefined) delete process.env['TACO_HOME'];
      else process.env['TACO_HOME'] = home;
      rmSync(vscode.folder, { recursive: true, force: true });
    },
  };
}
