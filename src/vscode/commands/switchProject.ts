import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { InputRequest } from '../../core/requests/inputRequest';
import { projectSummary, type ProjectSummary } from '../../core/team/projectSummary';
import type { Snapshot } from '../../core/team/snapshot';
import { requests } from '../project/projectState';
import { requestLine } from '../shared/inputRequestText';
import { phaseWord } from '../shared/labels';
import { askAnswer } from './answer';
import type { CommandDeps } from './commandDeps';

interface Item extends vscode.QuickPickItem {
  readonly act?: () => Thenable<unknown>;
}

/**
 * Lists every team on this machine with the requests of its agents. The user opens a project, or answers a request
 * from here.
 */
export async function switchProject(deps: CommandDeps): Promise<void> {
  const views = await (await deps.projects()).read();
  const here = deps.host.project?.dir;
  const items = views.flatMap((view): readonly Item[] => {
    const { snapshot } = view;
    const summary = projectSummary(view, vscode.l10n.t);
    return [
      projectItem(summary, view.dir === here),
      ...(snapshot ? requests({ snapshot }) : []).map(({ request, agent }): Item => ({
        label: `    $(bell-dot) ${requestLine(request, agent, 100)}`,
        act: () => answerThere(deps, view.id, snapshot, request),
      })),
    ];
  });
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No team runs on this machine.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Select a project to open, or a request to answer'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await picked?.act?.();
}

function projectItem(
  { project, goal, state, needs, busy, agents, cost, detail }: ProjectSummary,
  isHere: boolean,
): Item {
  const phase =
    state === 'unreachable'
      ? vscode.l10n.t('unreachable')
      : state === 'paused'
        ? vscode.l10n.t('paused')
        : phaseWord(state as Parameters<typeof phaseWord>[0]);
  const facts = [
    phase,
    vscode.l10n.t('{0} of {1} agents work', busy, agents),
    needs.length > 0 && vscode.l10n.t('needs you: {0}', needs.join(', ')),
    cost,
    state === 'unreachable' && detail,
  ];
  return {
    label: `$(${isHere ? 'root-folder-opened' : 'root-folder'}) ${basename(project)}`,
    description: facts.filter(Boolean).join(' · '),
    detail: goal || project,
    ...(isHere
      ? { act: () => vscode.commands.executeCommand('taco.openMonitor') }
      : {
          act: () =>
            vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(project), { forceNewWindow: true }),
        }),
  };
}

/** Throws TacoError need-gone when the request has ended. */
async function answerThere(
  deps: CommandDeps,
  projectId: string,
  snapshot: Snapshot | null,
  request: InputRequest,
): Promise<void> {
  const given = snapshot && (await askAnswer(deps, snapshot, request));
  if (given) await (await deps.projects()).answer(projectId, request.id, given);
}
