import { monitorMessageSchema, planMessageSchema } from '../core/pageMessages';
import { parsePlan } from '../core/parser';
import { validatePlan } from '../core/planValidate';
import type { ProjectOptions } from '../orchestrator/api';
import { Changes } from '../orchestrator/changes';
import { Engine } from '../orchestrator/engine';
import { openTeam } from '../orchestrator/teamClient';
import { profilesOf } from '../profiles/generic';
import { attachArguments } from '../tmux/attach';
import type { Backend, CheckedPlan } from './backend';

/** The real parts: dist/extension-engine.js, required when they are needed, so that activation is cheap. */
export const engineBackend: Backend = {
  async open(options: ProjectOptions) {
    const team = await openTeam(options);
    return { team, createEngine: (settings, logger) => new Engine(team, { ...settings, profiles: profilesOf(settings.profiles) }, logger) };
  },
  attachArguments: (settings, tmuxSession, window, viewName) =>
    attachArguments(settings.tmuxCommand, settings.tmuxSocket, tmuxSession, window, viewName),
  parseMonitorMessage: (value) => monitorMessageSchema.safeParse(value).data ?? null,
  parsePlanMessage: (value) => planMessageSchema.safeParse(value).data ?? null,
  changes: (projectDir) => new Changes(projectDir, process.env),
  checkPlan,
};

/** A document is JSON as a rule; anything else gets the parser's own words for what is wrong. */
function checkPlan(text: string, maxAgents: number): CheckedPlan {
  try {
    return validatePlan(JSON.parse(text), { maxAgents });
  } catch {
    return parsePlan(text, { maxAgents });
  }
}
