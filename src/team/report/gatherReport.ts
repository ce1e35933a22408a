import type { ReportCommit, TeamReport } from '../../core/report/teamReport';
import { teamReport } from '../../core/report/teamReport';
import type { Snapshot } from '../../core/team/snapshot';
import type { TeamClient } from '../../core/team/teamClient';
import { Git } from '../../environment/git/git';

const MAX_COMMITS = 200;
const FIELD = '\u001f';

/**
 * Builds the report of a team. Reads the commits of agents that have a worktree of their own on this machine; a worktree
 * that cannot be read has none.
 * @param since milliseconds since the epoch
 * @param env environment for git
 */
export async function gatherReport(
  team: Pick<TeamClient, 'history' | 'projectDir'>,
  snapshot: Snapshot,
  since: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<TeamReport> {
  const history = await team.history().next();
  const git = new Git(env);
  const own = snapshot.agents.filter(({ workspace, host = '' }) => host === '' && workspace !== team.projectDir);
  const commits = new Map<number, readonly ReportCommit[]>();
  for (const { window, workspace } of own) commits.set(window, await commitsIn(git, workspace, since));
  return teamReport({ snapshot, history, since, commits });
}

async function commitsIn(git: Git, folder: string, since: number): Promise<readonly ReportCommit[]> {
  const seconds = Math.floor(since / 1000);
  const { ok, out } = await git.run(folder, [
    'log',
    `--since=@${seconds}`,
    `--max-count=${MAX_COMMITS}`,
    `--format=%h${FIELD}%s`,
    'HEAD',
  ]);
  if (!ok || out === '') return [];
  return out.split('\n').map((line) => {
    const [hash = '', subject = ''] = line.split(FIELD);
    return { hash, subject };
  });
}
