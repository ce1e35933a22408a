import * as vscode from 'vscode';
import { placeFor } from '../../core/agents/agentPath';
import type { Logger } from '../../core/base/logger';
import { realFile } from '../editor/excerpts';
import { filesText } from '../editor/messageTemplates';
import { reportError } from '../notifications/reportError';
import { agentAt, runningProject, sameTeam } from '../project/runningProject';
import type { ProjectDeps } from '../project/runningProject';
import { messageProblem } from '../shared/inputLimits';
import { agentTitle } from '../shared/labels';
import type { TreeNode } from './treeNodes';

const MAX_FILES = 20;

interface DragAndDropDeps extends ProjectDeps {
  readonly logger: Logger;
}

/** Sends files that the user drops on an agent of the tree to it, as paths that it can open, with a note. */
export class AgentDragAndDrop implements vscode.TreeDragAndDropController<TreeNode> {
  readonly dropMimeTypes = ['text/uri-list'];
  readonly dragMimeTypes = [];

  constructor(private readonly deps: DragAndDropDeps) {}

  async handleDrop(
    target: TreeNode | undefined,
    data: vscode.DataTransfer,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const window = target?.subject?.window;
    const list = await data.get('text/uri-list')?.asString();
    if (window === undefined || list === undefined || token.isCancellationRequested) return;
    const { deps } = this;
    // Not awaited: the drop ends before the user has written the note.
    void send(deps, window, list).catch((error: unknown) => reportError(error, deps.logger));
  }
}

async function send(deps: DragAndDropDeps, window: number, list: string): Promise<void> {
  const { project, snapshot } = await runningProject(deps, 'send');
  const agent = agentAt(snapshot, window);
  const files = await Promise.all(filesOf(list).map(realFile));
  const paths = files.map((file) => placeFor(file, agent.workspace, project.dir).path);
  if (paths.length === 0) return;
  const what = paths.length === 1 ? (paths[0] ?? '') : vscode.l10n.t('{0} files', paths.length);
  const note = await vscode.window.showInputBox({
    title: vscode.l10n.t('Send {0} to {1}', what, agentTitle(agent)),
    prompt: vscode.l10n.t('What should it do with the file? (Optional; leave empty to send only the path.)'),
    ignoreFocusOut: true,
    validateInput: (text) => messageProblem(filesText(paths, text)),
  });
  if (note === undefined) return;
  await (
    await sameTeam(deps, snapshot)
  ).team.send({ from: { kind: 'user' }, to: `${window}`, text: filesText(paths, note) });
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(mail) Queued for {0}', agentTitle(agent)), 4000);
}

/** Returns the files of this machine from a list of URIs (RFC 2483). */
function filesOf(list: string): readonly vscode.Uri[] {
  const uris = list
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line));
  // In a remote window the explorer names its files by the remote's own scheme.
  return uris
    .filter(({ scheme }) => scheme === 'file' || scheme === 'vscode-remote')
    .slice(0, MAX_FILES)
    .map(({ path }) => vscode.Uri.file(path));
}
