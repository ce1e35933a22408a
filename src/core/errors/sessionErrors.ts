import { localizable } from '../base/localizedText';
import { TacoError } from './tacoError';

/** Failures of the project, its session and its leader. */
export const sessionErrors = {
  noProject: (dir: string) =>
    new TacoError(
      'no-project',
      localizable`No TACO project was found at or above ${dir}.`,
      localizable`Run this inside the project, or pass --project DIR.`,
    ),
  folderMissing: (dir: string) =>
    new TacoError(
      'no-project',
      localizable`The project's folder ${dir} was deleted or moved.`,
      localizable`Put it back to this path, or end the team: \`taco down --project ${dir}\`.`,
    ),
  noSession: (dir: string) =>
    new TacoError(
      'no-session',
      localizable`No TACO session runs for ${dir}.`,
      localizable`To start one, use TACO: Start… in VS Code, or \`taco up --goal "…"\`.`,
    ),
  sessionExists: (name: string) =>
    new TacoError(
      'session-exists',
      localizable`A TACO session already runs for this project (${name}).`,
      localizable`Stop it first (TACO: Stop, or \`taco down\`), or keep using it.`,
    ),
  /** @param detail the reason, unless the tmux session simply ended */
  sessionLost: (name: string, detail = '') =>
    new TacoError(
      'session-lost',
      detail || localizable`The tmux session ${name} has ended. Its agents and messages are kept.`,
      localizable`Resume the team (TACO: Resume Session, or \`taco up --resume\`), or end it (TACO: Stop, or \`taco down\`).`,
    ),
  sessionUnreachable: (pid: number, socket: string, why: string) =>
    new TacoError(
      'session-unreachable',
      localizable`The team's tmux server (process ${pid}) still runs, but TACO cannot reach it at ${socket}: ${why}.`,
      localizable`\`taco down\` ends its agents.`,
    ),
  sessionOlder: (name: string) =>
    new TacoError(
      'session-older',
      localizable`An older version of TACO started the session ${name}. It carries no identity, so TACO cannot prove that it is this project's, and leaves it alone.`,
      localizable`\`taco down\` ends the agents of this project; then start again.`,
    ),
  agentsRunning: (pids: readonly number[]) =>
    new TacoError(
      'agents-running',
      localizable`Processes of an earlier session of this project still run (${pids.join(', ')}).`,
      localizable`\`taco down\` ends them.`,
    ),
  stopIncomplete: (pids: readonly number[]) =>
    new TacoError(
      'stop-incomplete',
      localizable`Cannot stop the team: these processes do not end: ${pids.join(', ')}.`,
      localizable`End them yourself, then run \`taco down\` again.`,
    ),
  processesUnknown: (why: string) =>
    new TacoError(
      'internal',
      localizable`Cannot list the processes of this machine: ${why}.`,
      localizable`Check that \`ps -A\` works, then try again.`,
    ),
  stateLost: () =>
    new TacoError(
      'state-lost',
      localizable`Redis has lost everything about this team, and its agents run on.`,
      localizable`\`taco up\` takes them over if this machine remembers them and they use this Redis; \`taco down\` ends them.`,
    ),
  notLeader: () =>
    new TacoError(
      'not-leader',
      localizable`Another TACO process leads this session now.`,
      localizable`No action needed: the other process continues the session.`,
    ),
} as const;
