import { localizable } from '../base/localizedText';
import { TacoError } from './tacoError';

/** Failures of agents, their hosts, services, worktrees and input requests. */
export const agentErrors = {
  unknownAgent: (name: string, known: readonly string[]) =>
    new TacoError(
      'unknown-agent',
      localizable`No agent named "${name}".`,
      known.length ? localizable`Available: ${known.join(', ')}.` : localizable`No agents run yet.`,
    ),
  agentElsewhere: (name: string, host: string) =>
    new TacoError(
      'agent-elsewhere',
      localizable`${name} runs on the host ${host}; its terminal is there.`,
      localizable`On that machine \`tmux -u -L taco attach\` shows it (-L: what \`taco host\` was given as --socket).`,
    ),
  unknownHost: (name: string, known: readonly string[]) =>
    new TacoError(
      'unknown-host',
      localizable`No host named "${name}" is in this project.`,
      known.length
        ? localizable`Available: ${known.join(', ')}.`
        : localizable`Run \`taco host --name ${name}\` on a machine to add one.`,
    ),
  hostThere: (name: string) =>
    new TacoError(
      'host-there',
      localizable`Host ${name} is still connected.`,
      localizable`Stop its \`taco host\` first (Ctrl-C); a killed process counts as connected for 5 s. To remove single agents, change the plan.`,
    ),
  launchFailed: (name: string, why: string, cause?: unknown) =>
    new TacoError(
      'launch-failed',
      localizable`Agent ${name} could not be launched: ${why}`,
      localizable`Check its window, then relaunch it.`,
      { cause },
    ),
  memoryLow: (name: string, freeMb: number, floorMb: number) =>
    new TacoError(
      'memory-low',
      localizable`Cannot launch ${name}: this machine has ${freeMb} MB of memory left, and the setting taco.memoryFloor is ${floorMb} MB.`,
      localizable`Stop agents that you do not need, or set a lower floor.`,
    ),
  adoptRefused: (pane: string, why: string) =>
    new TacoError(
      'adopt-refused',
      localizable`Pane ${pane} cannot be adopted: ${why}.`,
      localizable`Run \`taco adopt\` without a pane to list panes that can be adopted. The agent CLI must show its prompt on TACO’s own tmux server.`,
    ),
  checkRefused: (agent: string) =>
    new TacoError(
      'check-refused',
      localizable`${agent} is not allowed to let TACO run a command: its permission mode asks the user first.`,
      localizable`Use an HTTP path or tcp as the check, or ask the user to register the service.`,
    ),
  serviceRefused: (name: string, owner: string) =>
    new TacoError(
      'service-refused',
      localizable`The service "${name}" is registered by ${owner}.`,
      localizable`Choose another name, or ask ${owner} to remove it.`,
    ),
  requestGone: () =>
    new TacoError(
      'need-gone',
      localizable`This request is closed: it was answered elsewhere, or its agent continued.`,
      localizable`Your answer was not used. Check the agent to see what happened.`,
    ),
  answerRefused: (why: string) =>
    new TacoError(
      'answer-refused',
      localizable`The answer was not delivered: ${why}.`,
      localizable`Open the agent's terminal and answer there.`,
    ),
  worktreeRefused: (why: string, hint: string) => new TacoError('worktree-refused', why, hint),
  worktreeConflict: (branch: string, files: readonly string[]) =>
    new TacoError(
      'worktree-conflict',
      localizable`Merging ${branch} has conflicts in ${files.join(', ')}.`,
      localizable`Resolve them in your editor and commit, or run \`git merge --abort\`.`,
      { details: { files } },
    ),
  pullRequestRefused: (why: string, hint: string) => new TacoError('pull-request-refused', why, hint),
} as const;
