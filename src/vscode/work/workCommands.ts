/** Commands on finished work. The leader carries out each request; this window asks, and shows the end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { isInUse } from '../../core/agents/agentPath';
import { errors } from '../../core/errors/errors';
import type { MergeJournal } from '../../core/proof/mergeJournal';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import { endOfRun } from '../../team/work/endOfRun';
import type { WorkRecords } from '../../team/work/workRecords';
import { compareTrees } from '../editor/commands';
import type { EditorParts } from '../editor/commands';
import type { workCommands } from '../manifest/workContributions';
import type { LoadEngineApi } from '../project/engineApi';
import { runningProject, sameTeam, type ProjectDeps } from '../project/runningProject';
import type { WindowSettings } from '../project/settings';
import { agentTitle } from '../shared/labels';
import type { CheckTerminals } from './checkTerminal';
import type { EvidenceDocuments } from './evidenceDocuments';
import { openPullRequest } from './pullRequestCommands';
import { fits, mergeOutcome, windowOf } from './workChoices';
import { agentFor, isConfirmed, pickProven, pickRun } from './workPrompts';

/** How long a stopped agent may take to end before its worktree stays, milliseconds, and the pause between two checks. */
const STOP_MS = 60_000;
const STOP_CHECK_MS = 200;

export interface WorkDeps extends ProjectDeps {
  readonly loadBackend: LoadEngineApi;
  readonly engineSettings: () => WindowSettings;
  readonly checks: CheckTerminals;
  readonly evidence: EvidenceDocuments;
}

export function workHandlers(
  deps: WorkDeps,
  editor: EditorParts,
): Readonly<Record<keyof typeof workCommands, (argument: unknown) => unknown>> {
  return {
    'taco.mergeWork': (argument) => mergeWork(deps, argument),
    'taco.undoMerge': () => undoMerge(deps),
    'taco.runCheck': (argument) => startCheck(deps, argument),
    'taco.cancelCheck': (argument) => cancelCheck(deps, argument),
    'taco.acceptWork': (argument) => acceptWork(deps, argument),
    'taco.showEvidence': (argument) => showEvidence(deps, argument),
    'taco.compareWith': (argument) => compareTrees(editor, argument),
    'taco.openPullRequest': (argument) => openPullRequest(deps, editor, argument),
    'taco.refreshPullRequests': () => editor.pullRequests.refresh(),
    'taco.removeWorktree': (argument) => removeWorktree(deps, argument),
  };
}

async function recordsOf({ host, loadBackend }: WorkDeps): Promise<WorkRecords> {
  return (await loadBackend()).workRecords(host.require().dir);
}

async function post(
  deps: WorkDeps,
  shown: Snapshot,
  kind: 'run-check' | 'cancel-check' | 'accept-work' | 'stop-agent',
  { window }: AgentView,
): Promise<void> {
  const { project, team } = await sameTeam(deps, shown);
  await project.lead();
  await team.request({ kind, window });
}

/** Asks for a check, and shows its output as it comes. */
async function startCheck(deps: WorkDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'run-check');
  const agent = await agentFor('run-check', snapshot, argument, vscode.l10n.t('Select an agent to check'));
  if (!agent) return;
  const records = await recordsOf(deps);
  if (records.checkOf(agent, deps.engineSettings().check ?? []) === null)
    throw errors.usage(
      vscode.l10n.t('{0} has no check.', agentTitle(agent)),
      vscode.l10n.t('Give it one in the plan ("check"), or set taco.check for all agents.'),
    );
  const [newest = 0] = await records.evidence.runs(agent.name);
  await post(deps, snapshot, 'run-check', agent);
  deps.checks.show(records, agent.name, newest);
}

async function cancelCheck(deps: WorkDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'cancel-check');
  const question = vscode.l10n.t('Select the check to cancel');
  const agent = await agentFor('cancel-check', snapshot, argument, question);
  if (agent) await post(deps, snapshot, 'cancel-check', agent);
}

async function acceptWork(deps: WorkDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'accept-work');
  const agent = await agentFor(
    'accept-work',
    snapshot,
    argument,
    vscode.l10n.t('Select the agent whose work to accept'),
  );
  const question = agent && vscode.l10n.t('Count the work of {0} as done without its check?', agentTitle(agent));
  const detail = vscode.l10n.t('Agents that wait for it begin.');
  if (agent && question && (await isConfirmed(question, vscode.l10n.t('Accept Work'), detail)))
    await post(deps, snapshot, 'accept-work', agent);
}

/** Shows the runs of an agent's check; the one that runs is shown live. */
async function showEvidence(deps: WorkDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const agent = await agentFor('evidence', snapshot, argument, vscode.l10n.t('Select an agent to see its evidence'));
  if (!agent) return;
  const records = await recordsOf(deps);
  const kept = await records.evidence.of(agent.name);
  if (agent.proof === 'checking') return deps.checks.show(records, agent.name, kept[0]?.at ?? 0);
  if (kept.length === 0)
    return void vscode.window.showInformationMessage(vscode.l10n.t('No check of {0} has run.', agentTitle(agent)));
  const run = await pickRun(agent, kept);
  if (run) await deps.evidence.show(agent.name, run, records.evidence.logOf(agent.name, run.at));
}

async function mergeWork(deps: WorkDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'merge');
  const agents = await workToMerge(snapshot, argument);
  if (agents === null) return;
  const records = await recordsOf(deps);
  const { project, team } = await sameTeam(deps, snapshot);
  await project.lead();
  const ticket = randomUUID();
  await team.request({ kind: 'merge', agents, ticket });
  const title = vscode.l10n.t('Merging');
  const journal = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, (bar) =>
    endOfRun(
      {
        read: async () => {
          const now = await records.journal(ticket);
          if (now) bar.report({ message: underWay(now) });
          return now;
        },
        team: async () => {
          const now = await team.snapshot();
          if (now.session === null) throw errors.noSession(project.dir);
          return now;
        },
      },
      ticket,
    ),
  );
  if (journal.problem !== '')
    throw errors.worktreeRefused(journal.problem, vscode.l10n.t('See `git status` in the project.'));
  const { text, isComplete } = mergeOutcome(journal);
  const remove = vscode.l10n.t('Remove Worktree…');
  const show = isComplete ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const answer = await show(text, ...(journal.steps.some(({ state }) => state === 'merged') ? [remove] : []));
  if (answer === remove) await vscode.commands.executeCommand('taco.removeWorktree');
}

/** Sets the user's branch back to before the newest merge, after a question. */
async function undoMerge(deps: WorkDeps): Promise<void> {
  const { undo } = await recordsOf(deps);
  const merge = await undo.find();
  const { agent, target, before } = merge;
  const question = vscode.l10n.t('Undo the merge of {0} into {1}?', agent, target);
  const detail = vscode.l10n.t('{0} goes back to {1}. Uncommitted files stay.', target, before.slice(0, 10));
  if (!(await isConfirmed(question, vscode.l10n.t('Undo Merge'), detail))) return;
  const ref = await undo.undo(merge);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} is as before the work of {1}. The merged result is kept as {2}.', target, agent, ref),
  );
}

function underWay({ steps }: MergeJournal): string {
  const now = steps.find(({ state }) => state === 'merging' || state === 'checking' || state === 'moving');
  return now ? now.agent : '';
}

/** Returns the names of the agents whose work is merged, none for all; null when the user cancels. */
async function workToMerge(snapshot: Snapshot, argument: unknown): Promise<readonly string[] | null> {
  const proven = snapshot.agents.filter((agent) => fits('merge', agent) && agent.proof === 'proven');
  if (windowOf(argument) === undefined && proven.length > 0) return pickProven(proven);
  const agent = await agentFor('merge', snapshot, argument, vscode.l10n.t('Select the work to merge'));
  if (!agent) return null;
  if (agent.proof === 'proven') return [agent.name];
  const question = vscode.l10n.t('Nothing proves the work of {0}. Merge it all the same?', agentTitle(agent));
  return (await isConfirmed(question, vscode.l10n.t('Merge'))) ? [agent.name] : null;
}

/** Removes a worktree, after its agent was stopped. What no branch has is saved first. */
async function removeWorktree(deps: WorkDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const { worktrees } = await recordsOf(deps);
  const all = await worktrees.list();
  const wanted = snapshot.agents.find(({ window }) => window === windowOf(argument))?.workspace;
  const items = all
    .filter(({ path }) => wanted === undefined || isInUse(path, [{ workspace: wanted, status: '' }]))
    .map((tree) => ({ label: tree.name, description: tree.branch, detail: tree.keeps, tree }));
  if (items.length === 0)
    throw errors.worktreeRefused(
      vscode.l10n.t('There is no worktree to remove.'),
      vscode.l10n.t('See `git worktree list` in the project.'),
    );
  const placeHolder = vscode.l10n.t('Select the worktree to remove');
  const tree =
    wanted === undefined
      ? (await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.tree
      : items[0]?.tree;
  if (!tree) return;
  const users = snapshot.agents.filter((agent) => isInUse(tree.path, [agent]));
  const detail = [
    users.length > 0 ? vscode.l10n.t('{0} works there and is stopped first.', users.map(agentTitle).join(', ')) : '',
    tree.keeps === '' ? '' : vscode.l10n.t('What no branch has is saved below refs/taco/saved first.'),
    tree.ahead > 0 ? vscode.l10n.t('Its branch stays: it has commits that are not merged.') : '',
  ];
  const question = vscode.l10n.t('Remove the worktree {0}?', tree.name);
  if (!(await isConfirmed(question, vscode.l10n.t('Remove'), detail.filter(Boolean).join('\n')))) return;
  for (const agent of users) await post(deps, snapshot, 'stop-agent', agent);
  await untilUnused(deps, snapshot, tree.path);
  const { savedAs } = await worktrees.remove(tree, tree.keeps !== '');
  void vscode.window.showInformationMessage(
    savedAs === ''
      ? vscode.l10n.t('{0} is removed.', tree.name)
      : vscode.l10n.t('{0} is removed. What was not committed is kept as {1}.', tree.name, savedAs),
  );
}

/** Waits until no agent works in a folder. Throws TacoError worktree-refused when one does not end. */
async function untilUnused(deps: WorkDeps, shown: Snapshot, folder: string): Promise<void> {
  const { team } = await sameTeam(deps, shown);
  for (const begun = Date.now(); isInUse(folder, (await team.snapshot()).agents); await sleep(STOP_CHECK_MS))
    if (Date.now() - begun > STOP_MS)
      throw errors.worktreeRefused(
        vscode.l10n.t('An agent still works in that worktree.'),
        vscode.l10n.t('Wait until it has ended, and try again.'),
      );
}
