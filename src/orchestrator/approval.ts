import { errors } from '../core/errors';
import { onWindowsOf } from '../core/planDiff';
import { validatePlan } from '../core/planValidate';
import type { Logger } from '../core/ports';
import type { AgentLauncher } from './agentLauncher';
import type { Led } from './resume';
import type { EngineSettings } from './settings';
import { specsOf, TeamChanger, windowsLeft } from './teamChanger';
import type { Team } from './teamClient';
import { TeamLauncher } from './teamLauncher';

export interface ApprovalOptions {
  readonly team: Team;
  readonly launcher: AgentLauncher;
  readonly settings: EngineSettings;
  readonly log: Logger;
}

/**
 * The person approves a plan: the first one launches the team, a later one changes it. Throws TacoError plan-invalid (what is wrong stands in the
 * review then), cli-missing, launch-failed.
 */
export async function approvePlan(value: unknown, { agents, tmux }: Led, { team, launcher, settings, log }: ApprovalOptions): Promise<void> {
  const { store } = team;
  const { plan, problems, proposal } = validatePlan(value, { maxAgents: settings.maxAgents });
  const running = specsOf(agents.all);
  const wanted = plan ?? (running.length > 0 ? proposal : null);
  const review = await store.plan();
  const attempt = review?.attempt ?? 1;
  if (!wanted) {
    await store.setPlan({ status: 'invalid', plan: null, problems: [...problems], repaired: false, proposal, draft: value, attempt, at: Date.now() });
    throw errors.planInvalid(problems);
  }
  const placed = running.length === 0 ? wanted : onWindowsOf(wanted, running, windowsLeft((await store.session())?.left));
  if (running.length === 0) await new TeamLauncher(team, launcher, tmux, agents, settings, log).launch(placed);
  else await new TeamChanger(team, launcher, agents, settings, log).apply(placed);
  await store.setPlan({ status: 'approved', plan: placed, problems: [], repaired: review?.repaired ?? false, proposal: null, attempt, at: Date.now() });
}
