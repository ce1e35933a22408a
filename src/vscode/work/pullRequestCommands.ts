/** *Open Pull Request…*: the user sees what leaves the machine, and only their click sends it. */
import * as vscode from 'vscode';
import { oneLine, shortened } from '../../core/base/truncate';
import { errors } from '../../core/errors/errors';
import { toTacoError } from '../../core/errors/tacoError';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import type { OpenedPullRequest, PreparedPullRequest } from '../../team/work/pullRequests';
import type { EditorParts } from '../editor/commands';
import { runningProject } from '../project/runningProject';
import { fits, windowOf } from './workChoices';
import type { WorkDeps } from './workCommands';
import { agentFor, pickSeveral } from './workPrompts';

/** Characters of the bodies together in the question. */
const MAX_SHOWN_BODY = 2000;

/** Opens pull requests for the work of one agent, or from the palette of several. */
export async function openPullRequest(deps: WorkDeps, editor: EditorParts, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const agents = await chosenAgents(snapshot, argument);
  if (agents.length === 0) return;
  const { pullRequests } = (await deps.loadBackend()).workRecords(deps.host.require().dir);
  const refused: string[] = [];
  const prepared = await each(agents, refused, (agent) => pullRequests.prepare(agent));
  if (prepared.length === 0) throw errors.pullRequestRefused(refused.join(' '), vscode.l10n.t('Nothing was pushed.'));
  const draft = await isDraft(prepared, refused);
  if (draft === undefined) return;
  const title = vscode.l10n.t('Opening pull requests');
  const opened = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    each(prepared, refused, (one) => pullRequests.open(one, draft)),
  );
  // The new state is an addition: its failure does not hide that the pull request is open.
  if (opened.length > 0) await editor.pullRequests.refresh().catch(() => undefined);
  await report(opened, refused);
}

async function chosenAgents(snapshot: Snapshot, argument: unknown): Promise<readonly AgentView[]> {
  const question = vscode.l10n.t('Select the work to open pull requests for');
  const fitting = snapshot.agents.filter((agent) => fits('pull-request', agent));
  if (windowOf(argument) === undefined && fitting.length > 1)
    return pickSeveral(fitting, question, ({ proof }) => proof === 'proven');
  const agent = await agentFor('pull-request', snapshot, argument, question);
  return agent ? [agent] : [];
}

/** Runs one step for each; of several, one that is refused does not keep the others. */
async function each<From, To>(
  all: readonly From[],
  refused: string[],
  step: (one: From) => Promise<To>,
): Promise<To[]> {
  const done: To[] = [];
  for (const one of all) {
    try {
      done.push(await step(one));
    } catch (error) {
      const known = toTacoError(error);
      if (all.length === 1 || known.code === 'gh-missing' || known.code === 'gh-not-logged-in') throw error;
      refused.push(`${known.message} ${known.hint}`);
    }
  }
  return done;
}

/** Asks before anything is sent; undefined when the user cancels. */
async function isDraft(
  prepared: readonly PreparedPullRequest[],
  refused: readonly string[],
): Promise<boolean | undefined> {
  const [only] = prepared.length === 1 ? prepared : [];
  const question = only
    ? vscode.l10n.t('Push the work of {0} and open a pull request?', only.agent)
    : vscode.l10n.t('Push the work of {0} agents and open a pull request for each?', prepared.length);
  const room = Math.floor(MAX_SHOWN_BODY / prepared.length);
  const detail = [...prepared.map((one) => sentText(one, room)), ...refused].join('\n\n');
  const [open, draft] = [vscode.l10n.t('Push and Open'), vscode.l10n.t('Push and Open as Draft')];
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, open, draft);
  return answer === undefined ? undefined : answer === draft;
}

/** Returns what is pushed and sent for one agent. */
function sentText({ commit, commits, branch, base, target, title, body }: PreparedPullRequest, room: number): string {
  return [
    vscode.l10n.t('Pushed: {0} as {1} to {2}', commit.slice(0, 10), branch, target.urls.join(', ')),
    vscode.l10n.t('Sent: a pull request into {0}: {1}', base, title),
    ...commits
      .filter(({ closesIssue }) => closesIssue)
      .map(({ hash, subject }) =>
        vscode.l10n.t(
          'The message of commit {0} closes an issue once it is merged: {1}',
          hash.slice(0, 10),
          oneLine(subject),
        ),
      ),
    shortened(body, room),
  ].join('\n');
}

async function report(opened: readonly OpenedPullRequest[], refused: readonly string[]): Promise<void> {
  const sentences = [
    ...opened.map(({ agent, url, isNew }) =>
      isNew
        ? vscode.l10n.t('{0}: the pull request is open: {1}', agent, url)
        : vscode.l10n.t('{0}: its new commits are pushed to the open pull request: {1}', agent, url),
    ),
    ...refused,
  ];
  const browse = vscode.l10n.t('Open in Browser');
  const show = refused.length === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const answer = await show(sentences.join(' '), ...(opened.length > 0 ? [browse] : []));
  if (answer === browse) for (const { url } of opened) await vscode.env.openExternal(vscode.Uri.parse(url));
}
