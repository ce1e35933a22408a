/**
 * The work of an extension host for a project while its views and its monitor are open: the project's state, read again at each change, the
 * monitor's curves and one conversation. Without VS Code itself, whose memory is not ours. Talks over the fork's channel.
 */
import { TacoPaths } from '../../src/core/programs/paths';
import { defaultSettings } from '../../src/team/engineSettings';
import { engineBackend } from '../../src/vscode/activation/engineBundle';
import { Project } from '../../src/vscode/project/project';
import { MonitorFeed } from '../../src/vscode/webviews/monitorFeed';
import { silentLogger } from '../support/loggers';

export interface WindowOrder {
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tmuxSocket: string;
  readonly tacoScript: string;
}

export interface WindowFacts {
  readonly rssMb: number;
  /** After a collection. */
  readonly heapMb: number;
  readonly executed: number;
}

async function run({ project: dir, env, tmuxSocket, tacoScript }: WindowOrder): Promise<void> {
  const project = new Project({
    dir,
    paths: new TacoPaths(env, env['HOME'] ?? ''),
    loadBackend: () => Promise.resolve(engineBackend),
    engineSettings: () => ({
      ...defaultSettings,
      tmuxSocket,
      tacoCommand: [process.execPath, tacoScript],
      profiles: [],
    }),
    redisUrl: () => Promise.resolve(undefined),
    checkTools: () => Promise.resolve([]),
    sessionRuns: () => Promise.resolve(true),
    logger: silentLogger,
  });
  project.retain();
  const team = await project.team();
  const feed = new MonitorFeed(silentLogger);
  feed.setConversation(['USER', 'AGENT-2']);
  let feeding = false;
  let posted = 0;
  project.onChange(({ snapshot }) => {
    if (snapshot === null || feeding) return;
    feeding = true;
    void feed.read(team, snapshot).then(() => {
      posted += JSON.stringify([feed.history(snapshot, Date.now()), feed.conversation(snapshot)]).length;
      feeding = false;
    });
  });
  process.on('message', () => {
    (globalThis as { gc?: () => void }).gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const facts: WindowFacts = {
      rssMb: rss / 2 ** 20,
      heapMb: heapUsed / 2 ** 20,
      executed: posted > 0 ? (project.state.snapshot?.counters.executed ?? 0) : 0,
    };
    process.send?.(facts);
  });
  process.on('disconnect', () => void project.close().then(() => process.exit(0)));
  process.send?.('ready');
}

void run(JSON.parse(process.argv[2] ?? '{}') as WindowOrder);
