import { runningProject, sameTeam } from '../project/runningProject';
import type { CommandDeps } from './commandDeps';

/** Pauses the running team: nothing is typed, and working agents are interrupted. Throws TacoError no-session. */
export async function pauseTeam(deps: CommandDeps): Promise<void> {
  const { snapshot } = await runningProject(deps, 'pause-team');
  await (await sameTeam(deps, snapshot)).team.request({ kind: 'pause-team' });
}

/** Ends a pause, and lets one agent of each limited account try again now. Throws TacoError no-session. */
export async function resumeTeam(deps: CommandDeps): Promise<void> {
  const { snapshot } = await runningProject(deps, 'resume-team');
  await (await sameTeam(deps, snapshot)).team.request({ kind: 'resume-team' });
}
