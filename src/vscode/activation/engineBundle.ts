import { homedir } from 'node:os';
import { TacoPaths } from '../../core/programs/paths';
import { monitorMessageSchema } from '../../core/webviews/monitorProtocol';
import { planMessageSchema } from '../../core/webviews/planReviewProtocol';
import { Changes } from '../../environment/git/changes';
import { findAgentClis, probeAgentCli } from '../../environment/prerequisites/agentClis';
import { Engine } from '../../orchestrator/engine';
import { profilesOf } from '../../profiles/customProfile';
import { ProjectsReader } from '../../team/projects/projectsReader';
import { openTeam, type OpenTeamOptions } from '../../team/team';
import { WorkRecords } from '../../team/work/workRecords';
import { captureScreens } from '../../tmux/pane/captureScreens';
import { attachArguments } from '../../tmux/session/attach';
import { socketPath } from '../../tmux/session/socketPath';
import { changePlanText, completePlanText, editPlanText, readPlanText, samePlanText } from '../plan/planText';
import type { EngineApi } from '../project/engineApi';

/** The engine's real parts: dist/extension-engine.js, required on first use, so that activation is cheap. */
export const engineBackend: EngineApi = {
  async open(options: OpenTeamOptions) {
    const team = await openTeam(options);
    return {
      team,
      createEngine: (settings, logger) =>
        new Engine(team, { ...settings, profiles: profilesOf(settings.profiles) }, logger),
    };
  },
  attachArguments: (
    { tmuxCommand, tmuxSocket },
    { tmux_session: session, tmux_socket, identity = '' },
    agent,
    viewName,
  ) =>
    attachArguments(
      { tmuxCommand, socket: tmux_socket || tmuxSocket, session, identity, env: process.env },
      agent,
      viewName,
    ),
  captureScreens: ({ tmuxCommand, tmuxSocket }, { tmux_socket, identity = '' }, panes) =>
    captureScreens(
      { tmuxCommand, socketPath: socketPath(tmux_socket || tmuxSocket, process.env), identity, env: process.env },
      panes,
    ),
  parseMonitorMessage: (value) => monitorMessageSchema.safeParse(value).data ?? null,
  parsePlanMessage: (value) => planMessageSchema.safeParse(value).data ?? null,
  projects: (paths, logger) => new ProjectsReader(paths, logger),
  changes: (projectDir) => new Changes(projectDir, process.env),
  workRecords: (projectDir) => new WorkRecords(projectDir, new TacoPaths(process.env, homedir()), process.env),
  plans: {
    read: readPlanText,
    change: changePlanText,
    edit: editPlanText,
    same: samePlanText,
    complete: completePlanText,
  },
  findAgentClis,
  probeAgentCli,
};
