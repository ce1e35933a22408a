import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import { MAX_TASK_LENGTH } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { isTacoError, TacoError } from '../../core/errors/tacoError';
import type { Snapshot } from '../../core/team/snapshot';
import type { Project } from '../project/project';
import type { ProjectHost } from '../project/projectHost';
import { hasSession } from '../project/projectState';
import { refusalNow, sameTeam } from '../project/runningProject';
import { setting } from '../project/settings';
import { lengthProblem } from '../shared/inputLimits';
import type { CommandDeps } from './commandDeps';

/** Time limit for the leader's answer to a start request, milliseconds. */
const ANSWER_MS = 20_000;

/**
 * Asks for the goal and follows the start until a plan waits, the team runs, the start failed, or the user cancelled.
 */
export async function start(deps: CommandDeps, argument: unknown): Promise<void> {
  const project = await readyProject(deps, false);
  const goal = typeof argument === 'string' ? argument : await askGoal();
  if (goal !== undefined) await follow(deps, project, goal);
}

/**
 * Starts as `start` does, with a given goal. `scripted`: with agents that are programs without a model, whatever the
 * settings.
 */
export async function startTeam(
  deps: CommandDeps,
  goal: string,
  { scripted }: { readonly scripted: boolean },
): Promise<void> {
  await follow(deps, await readyProject(deps, scripted), goal);
}

/**
 * Returns the project if a team can start in it. Throws TacoError no-project, session-exists, session-lost, or the code
 * of what is missing.
 */
async function readyProject(deps: CommandDeps, scripted: boolean): Promise<Project> {
  const { host } = deps;
  await host.require().check();
  refuseWhenRunning(host.require());
  await host.useScripted(scripted);
  const project = host.require();
  await project.check();
  refuseWhenMissing(project);
  return project;
}

async function follow(deps: CommandDeps, project: Project, goal: string): Promise<void> {
  deps.monitor.show();
  const end = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'TACO', cancellable: true },
    (progress, token) => begin(deps.host, project, goal.trim(), progress, token),
  );
  // The leader approves a valid first plan by itself: its review lasts a moment.
  const isApproved = setting('taco.autoApprove') && end?.plan?.status === 'proposed';
  if (end?.session?.phase === 'review' && !isApproved) deps.planReview.show();
}

/** Resumes the team of a session whose tmux session has ended. Throws TacoError no-session, session-exists, session-stopping. */
export async function resume(deps: CommandDeps): Promise<void> {
  const project = deps.host.require();
  await project.check();
  const refusal = refusalNow(project, 'resume');
  if (refusal) throw refusal;
  refuseWhenMissing(project);
  await project.lead();
  await (await project.team()).request({ kind: 'resume' });
}

/** Throws TacoError session-exists, session-lost, session-stopping. */
function refuseWhenRunning(project: Project): void {
  const refusal = refusalNow(project, 'start');
  if (refusal) throw refusal;
}

/** Refuses only what certainly fails: the plan's profiles may still name an agent CLI in place of a missing one. */
function refuseWhenMissing({ state }: Project): void {
  if (state.missing === 'tmux') throw errors.tmuxMissing();
  if (state.missing === 'redis') throw errors.redisMissing();
  if (state.missing === 'error' && state.error) throw state.error;
}

function askGoal(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('TACO: Start'),
    prompt: vscode.l10n.t(
      'What should the team do? Mother makes a plan, and you review it before anything is launched.',
    ),
    placeHolder: vscode.l10n.t('Add a REST API with tests and a page that uses it'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' ? vscode.l10n.t('Enter a goal.') : lengthProblem(text.trim(), MAX_TASK_LENGTH),
  });
}

type Progress = vscode.Progress<{ message?: string }>;

/** Returns null when the user cancelled the start, or it was stopped elsewhere. */
async function begin(
  host: ProjectHost,
  project: Project,
  goal: string,
  progress: Progress,
  token: vscode.CancellationToken,
): Promise<Snapshot | null> {
  progress.report({ message: vscode.l10n.t('Opening Redis and tmux…') });
  const team = await project.team();
  await project.lead();
  if (token.isCancellationRequested) return null;
  const before = project.state.snapshot?.session?.started_at;
  const retained = host.retain();
  const ticket = randomUUID();
  try {
    await team.request({ kind: 'start', goal, ticket, autoApprove: setting('taco.autoApprove') });
    return await settled(host, { dir: project.dir, before, ticket }, progress, token);
  } catch (error) {
    const isCancelled = isTacoError(error, 'cancelled');
    if (!isCancelled && !isTacoError(error, 'timeout')) throw error;
    const open = await host.require().team();
    // A start that nobody has begun must not begin after the user was told that it failed.
    const isWithdrawn = await open.withdrawStart(ticket);
    if (!isCancelled) throw error;
    // A team that was stopped elsewhere needs no stop: this request would end the next team.
    if (token.isCancellationRequested && !isWithdrawn) await open.request({ kind: 'stop' });
    return null;
  } finally {
    retained.dispose();
  }
}

interface StartRequest {
  /** The project's folder. */
  readonly dir: string;
  /** Names an older failed session. */
  readonly before: string | undefined;
  readonly ticket: string;
}

/**
 * Resolves in review or running; throws TacoError launch-failed, cancelled, or session-exists when another start came
 * first. A changed setting reopens the project of the folder meanwhile; when another folder replaces it, this stops
 * following.
 */
function settled(
  host: ProjectHost,
  { dir, before, ticket }: StartRequest,
  progress: Progress,
  token: vscode.CancellationToken,
): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const disposables = new DisposableStore();
    const end = (finish: () => void): void => {
      disposables.dispose();
      finish();
    };
    const timer = setTimeout(
      () => end(() => reject(errors.timeout(vscode.l10n.t('The start'), ANSWER_MS / 1000))),
      ANSWER_MS,
    );
    disposables.addAll(new vscode.Disposable(() => clearTimeout(timer)));
    let shown = '';
    let begun = false;
    const check = (): void => {
      if (host.project?.dir !== dir) return end(() => reject(errors.cancelled('The start')));
      const { snapshot } = host.state;
      if (snapshot === null) return; // not read yet
      const { session } = snapshot;
      if (!session) {
        if (begun) end(() => reject(errors.cancelled('The start')));
        return;
      }
      if (session.started_at === before && session.phase === 'failed') return; // left over from the last attempt
      if (session.request !== ticket) {
        if (begun) return end(() => reject(errors.cancelled('The start')));
        void rivalOf(host, ticket).then((rival) => rival && end(() => reject(rival)));
        return;
      }
      begun = true;
      clearTimeout(timer);
      const message = progressMessage(snapshot);
      if (message !== shown) progress.report({ message: (shown = message) });
      if (session.phase === 'failed')
        end(() =>
          reject(
            new TacoError(
              'launch-failed',
              session.detail || vscode.l10n.t('The start failed.'),
              vscode.l10n.t('No process was left running.'),
            ),
          ),
        );
      if (session.phase === 'review' || session.phase === 'running') end(() => resolve(snapshot));
    };
    disposables.addAll(
      host.onChange(check),
      token.onCancellationRequested(() => end(() => reject(errors.cancelled('The start')))),
    );
    check();
  });
}

/**
 * Returns why this window's start has lost to another one; null: it still waits, or its session has just begun. Never
 * throws.
 */
async function rivalOf(host: ProjectHost, ticket: string): Promise<TacoError | null> {
  try {
    const team = await host.require().team();
    if (await team.waitsToStart(ticket)) return null;
    const { session } = await team.snapshot();
    return session === null || session.request === ticket ? null : errors.sessionExists(session.tmux_session);
  } catch {
    return null; // Redis is unreachable for a moment: the next change is checked.
  }
}

function progressMessage(snapshot: Snapshot): string {
  const { session, plan } = snapshot;
  const phase = session?.detail || session?.phase || '';
  const [problem] = plan?.status === 'invalid' ? plan.problems : [];
  if (!problem) return phase;
  const more = plan && plan.problems.length > 1 ? ` (+${plan.problems.length - 1})` : '';
  return `${phase}. ${problem.message}${more}`;
}

/** Asks first, because a stop ends every agent. */
export async function stop(deps: CommandDeps): Promise<void> {
  const project = deps.host.require();
  await project.check();
  const { snapshot } = project.state;
  if (!snapshot?.session || !hasSession(project.state)) throw errors.noSession(project.dir);
  const yes = vscode.l10n.t('Stop');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Stop the team?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'All agents of this project are stopped and its messages are removed. Files are not changed.',
      ),
    },
    yes,
  );
  if (answer !== yes) return;
  const same = await sameTeam(deps, snapshot);
  await same.project.lead();
  await same.team.request({ kind: 'stop' });
}
