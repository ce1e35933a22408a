import * as vscode from 'vscode';
import { MAX_ANSWER_LENGTH } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import type { InputRequest, InputResponse } from '../../core/requests/inputRequest';
import { questionsOf, type Question } from '../../core/requests/questions';
import { requestText } from '../../core/requests/requestText';
import type { Snapshot } from '../../core/team/snapshot';
import { requests } from '../project/projectState';
import { agentAt, runningProject } from '../project/runningProject';
import { lengthProblem } from '../shared/inputLimits';
import { requestSentence, requestTitle, questionHead } from '../shared/inputRequestText';
import { agentTitle } from '../shared/labels';
import { subjectOf } from '../shared/subject';
import type { CommandDeps } from './commandDeps';

/** Lines that a dialog of VS Code can show; a longer text opens as a document. */
const DETAIL_LINES = 25;
const DETAIL_CHARACTERS = 1800;

/**
 * Shows the whole of an agent's request and takes the answer. Runs on an agent or a request; otherwise the user picks
 * one of several.
 */
export async function answer(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const { needId, window } = subjectOf(argument);
  if (needId !== undefined && !snapshot.needs.some(({ id }) => id === needId)) throw errors.requestGone();
  const candidates = requests({ snapshot })
    .map(({ request }) => request)
    .filter((request) =>
      needId === undefined ? window === undefined || request.window === window : request.id === needId,
    );
  const request = candidates.length > 1 ? await pickRequest(snapshot, candidates) : candidates[0];
  if (request) {
    const given = await askAnswer(deps, snapshot, request);
    if (given) await submitAnswer(deps, request, given);
    return;
  }
  if (candidates.length > 0) return;
  // There is no request to answer here: the terminal shows the dialog.
  const agent = snapshot.agents.find(
    (each) => each.status === 'needs-input' && (window === undefined || each.window === window),
  );
  if (agent) await vscode.commands.executeCommand('taco.openAgentTerminal', { subject: { window: agent.window } });
  else void vscode.window.showInformationMessage(vscode.l10n.t('No agent has an open request.'));
}

/** Submits an answer and confirms it. Throws TacoError need-gone when the request has ended. */
export async function submitAnswer(deps: CommandDeps, request: InputRequest, given: InputResponse): Promise<void> {
  const { project, snapshot } = await runningProject(deps);
  await (await project.team()).answer(request.id, given);
  if (given.kind === 'allow' && request.kind === 'permission') void offerRule(deps, snapshot.projectId);
  const name = agentTitle(agentAt(snapshot, request.window));
  vscode.window.setStatusBarMessage(
    given.kind === 'deny'
      ? vscode.l10n.t("$(close) Denied {0}'s request", name)
      : vscode.l10n.t('$(check) {0} has your answer', name),
    4000,
  );
}

/** Offers a rule after the third equal answer. A failure only means that none is offered. */
async function offerRule(deps: CommandDeps, projectId: string): Promise<void> {
  try {
    const projects = await deps.projects();
    const offer = await projects.offer(projectId);
    if (offer === null) return;
    const add = vscode.l10n.t('Always Allow');
    const picked = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'You allowed this three times: {0} {1}. A rule would have answered {2} of the last {3} requests.',
        offer.rule.tool,
        offer.rule.pattern,
        offer.answered,
        offer.requests,
      ),
      add,
    );
    if (picked === add) await projects.addRule(projectId, offer.rule);
  } catch (error) {
    deps.logger.debug('rules.offer', { error });
  }
}

/** Asks for the reason; undefined when the user cancels. */
async function askReason(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Deny'),
    prompt: vscode.l10n.t('What should the agent do instead? (Sent as is; leave empty to just deny.)'),
    ignoreFocusOut: true,
    validateInput: (text) => lengthProblem(text, MAX_ANSWER_LENGTH),
  });
}

async function pickRequest(snapshot: Snapshot, requests: readonly InputRequest[]): Promise<InputRequest | undefined> {
  const items = requests.map((request) => ({
    label: agentTitle(agentAt(snapshot, request.window)),
    description: requestTitle(request),
    request,
  }));
  return (
    await vscode.window.showQuickPick(items, {
      placeHolder: vscode.l10n.t('Select a request to answer'),
      matchOnDescription: true,
    })
  )?.request;
}

/** Shows the whole request and asks for the answer; undefined when the user cancels. */
export async function askAnswer(
  deps: CommandDeps,
  snapshot: Snapshot,
  request: InputRequest,
): Promise<InputResponse | undefined> {
  const title = requestSentence(request, agentAt(snapshot, request.window));
  const questions = questionsOf(request);
  if (questions) return askQuestions(deps, request, questions, title);
  return request.kind === 'dialog' ? askChoice(deps, request, title) : askPermission(deps, request, title);
}

async function askPermission(
  deps: CommandDeps,
  request: InputRequest,
  title: string,
): Promise<InputResponse | undefined> {
  const text = requestText(request);
  const whole = !request.cut && text.length <= DETAIL_CHARACTERS && text.split('\n').length <= DETAIL_LINES;
  const detail = whole
    ? text
    : `${text.split('\n').slice(0, DETAIL_LINES).join('\n').slice(0, DETAIL_CHARACTERS)}\n…\n\n${vscode.l10n.t('Only the beginning is shown.')}`;
  const [allow, deny, more, show] = [
    request.kind === 'plan' ? vscode.l10n.t('Approve') : vscode.l10n.t('Allow'),
    vscode.l10n.t('Deny…'),
    vscode.l10n.t('More…'),
    vscode.l10n.t('Show All of It'),
  ];
  // One click must not allow a request that the user has not seen whole.
  const buttons = whole ? [allow, deny, more] : [show, deny, more];
  const picked = await vscode.window.showInformationMessage(
    title,
    { modal: true, detail },
    ...(request.kind === 'question' ? [deny, more] : buttons),
  );
  if (picked === allow) return { kind: 'allow' };
  if (picked === deny) return askDenialReason();
  if (picked === show) await deps.requestDocuments.show(request);
  return picked === more || picked === show ? askMore(deps, request, title) : undefined;
}

interface Choice extends vscode.QuickPickItem {
  readonly act?: () => InputResponse | Promise<InputResponse | undefined>;
}

/** Lists every way to answer a permission, so that the user can read the request beside the list. */
async function askMore(deps: CommandDeps, request: InputRequest, title: string): Promise<InputResponse | undefined> {
  const yes = request.kind === 'plan' ? vscode.l10n.t('Approve') : vscode.l10n.t('Allow');
  const allowing: Choice[] = [
    { label: `$(check) ${yes}`, act: () => ({ kind: 'allow' }) },
    ...request.choices.map((words, choice): Choice => ({
      label: `$(check-all) ${yes} ${words}`,
      act: () => ({ kind: 'allow', choice }),
    })),
  ];
  const items: Choice[] = [
    ...(request.kind === 'question' || request.cut ? [] : allowing),
    { label: vscode.l10n.t('$(close) Deny…'), act: askDenialReason },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('$(go-to-file) Show all of it'),
      act: () => deps.requestDocuments.show(request).then(() => askMore(deps, request, title)),
    },
    terminalChoice(request),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: requestTitle(request, 200),
    ignoreFocusOut: true,
  });
  return picked?.act?.();
}

async function askChoice(deps: CommandDeps, request: InputRequest, title: string): Promise<InputResponse | undefined> {
  const items: Choice[] = [
    ...request.choices.map((label, choice): Choice => ({ label, act: () => ({ kind: 'pick', choice }) })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('$(go-to-file) Show all of it'),
      act: () => deps.requestDocuments.show(request).then(() => askChoice(deps, request, title)),
    },
    terminalChoice(request),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: request.input.split('\n').join(' · '),
    ignoreFocusOut: true,
  });
  return picked?.act?.();
}

/** Asks one question after another; undefined when the user cancels one. */
async function askQuestions(
  deps: CommandDeps,
  request: InputRequest,
  questions: readonly Question[],
  title: string,
): Promise<InputResponse | undefined> {
  const answers: Record<string, string> = {};
  const titleOf = (index: number): string =>
    questions.length > 1 ? `${title} (${index + 1}/${questions.length})` : title;
  // The user needs the full question to answer it: it is open beside the list.
  if (questions.some(({ question }, index) => !questionHead(titleOf(index), question).whole))
    await deps.requestDocuments.show(request);
  for (const [index, question] of questions.entries()) {
    const said = await askQuestion(question, titleOf(index));
    if (said === undefined) return undefined;
    answers[question.question] = said;
  }
  return { kind: 'answers', answers };
}

async function askQuestion({ question, multiSelect, options }: Question, title: string): Promise<string | undefined> {
  const other = vscode.l10n.t('$(edit) Something else…');
  const items = [
    ...options.map(({ label, description }) => ({ label, detail: description })),
    { label: other, detail: '' },
  ];
  const head = questionHead(title, question);
  const shown = { title: head.title, placeHolder: head.placeHolder, ignoreFocusOut: true };
  const picked = multiSelect
    ? await vscode.window.showQuickPick(items, { ...shown, canPickMany: true })
    : await vscode.window.showQuickPick(items, shown).then((item) => item && [item]);
  if (picked === undefined || picked.length === 0) return undefined;
  const labels = picked.map(({ label }) => label).filter((label) => label !== other);
  if (labels.length === picked.length) return labels.join(', ');
  const own = await vscode.window.showInputBox({
    title,
    prompt: question,
    ignoreFocusOut: true,
    // The chosen labels come before it.
    validateInput: (text) => lengthProblem([...labels, text.trim()].join(', '), MAX_ANSWER_LENGTH),
  });
  return own === undefined || own.trim() === '' ? undefined : [...labels, own.trim()].join(', ');
}

/** Returns a denial with the reason for the agent; undefined when the user cancels. */
export async function askDenialReason(): Promise<InputResponse | undefined> {
  const note = await askReason();
  return note === undefined ? undefined : { kind: 'deny', note };
}

function terminalChoice(request: InputRequest): Choice {
  return {
    label: vscode.l10n.t('$(terminal) Open its terminal'),
    act: async () => {
      await vscode.commands.executeCommand('taco.openAgentTerminal', { subject: { window: request.window } });
      return undefined;
    },
  };
}
