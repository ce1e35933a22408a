import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { ChangedFile } from '../../environment/git/changes';
import { isFile, isSameFile } from '../../environment/git/compareFiles';
import { comparedPaths, neighbour, rootLabel } from './changeRows';
import type { ChangeRoot, ChangesModel } from './changesModel';

/** URI scheme of a file as it was at the base of a change. */
const BASE_SCHEME = 'taco-base';

interface BaseQuery {
  readonly top: string;
  readonly commit: string;
  readonly path: string;
}

function baseUri(root: ChangeRoot, { file, basePath }: ChangedFile): vscode.Uri {
  const query: BaseQuery = { top: root.changes.top, commit: root.changes.base, path: basePath };
  return vscode.Uri.file(file).with({ scheme: BASE_SCHEME, query: JSON.stringify(query) });
}

/** Returns the side of a file that is not there: an empty commit gives an empty base. */
function noFile({ changes: { top } }: ChangeRoot, path: string): vscode.Uri {
  const query: BaseQuery = { top, commit: '', path };
  return vscode.Uri.file(join(top, path)).with({ scheme: BASE_SCHEME, query: JSON.stringify(query) });
}

/** Shows agents' changes in VS Code's own diff editors, and tracks which file is shown. */
export class Diffs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly disposables = new DisposableStore();
  private inDiff = false;

  constructor(private readonly model: ChangesModel) {
    this.disposables.addAll(
      vscode.workspace.registerTextDocumentContentProvider(BASE_SCHEME, this),
      vscode.window.tabGroups.onDidChangeTabs(() => this.setContext(this.current !== null)),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.setContext(this.current !== null)),
    );
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const { top, commit, path } = JSON.parse(query) as BaseQuery;
    // Only trees of this project are read: any program can make such a URI.
    if (!this.model.roots.some(({ changes }) => changes.top === top)) await this.model.refresh();
    if (!this.model.roots.some(({ changes }) => changes.top === top) || !/^[0-9a-f]*$/.test(commit)) return '';
    return (await (await this.model.reader())?.contents(top, commit, path)) ?? '';
  }

  /** Opens the diff of one file in VS Code's preview tab. */
  async open(root: ChangeRoot, file: ChangedFile): Promise<void> {
    const title = `${file.path.split('/').at(-1) ?? file.path} (${rootLabel(root)})`;
    await vscode.commands.executeCommand('vscode.diff', ...this.sides(root, file), title, { preview: true });
  }

  /** Opens all files of a tree in one editor, one below the other. */
  async openAll(root: ChangeRoot): Promise<void> {
    const resources = root.changes.files.map((file) => [vscode.Uri.file(file.file), ...this.sides(root, file)]);
    await vscode.commands.executeCommand('vscode.changes', vscode.l10n.t('Changes of {0}', rootLabel(root)), resources);
  }

  /** Opens the files that one of two trees changed, as both have them now. Returns false when none differs. */
  async compare(one: ChangeRoot, other: ChangeRoot): Promise<boolean> {
    const paths = comparedPaths(one.changes.files, other.changes.files);
    const pairs = await Promise.all(
      paths.map(async (path) => {
        const [left = '', right = ''] = [one, other].map(({ changes }) => join(changes.top, path));
        const [hasLeft, hasRight] = await Promise.all([isFile(left), isFile(right)]);
        if ((!hasLeft && !hasRight) || (hasLeft && hasRight && (await isSameFile(left, right)))) return null;
        const sides = [hasLeft ? vscode.Uri.file(left) : noFile(one, path)];
        return [vscode.Uri.file(right), ...sides, hasRight ? vscode.Uri.file(right) : noFile(other, path)];
      }),
    );
    const resources = pairs.filter((pair) => pair !== null);
    if (resources.length === 0) return false;
    const title = `${rootLabel(one)} ↔ ${rootLabel(other)}`;
    await vscode.commands.executeCommand('vscode.changes', title, resources);
    return true;
  }

  /**
   * Opens the next or previous changed file of the same tree.
   * @param resource the file whose editor has the toolbar, as VS Code passes it. It need not be active, and any caller
   * may pass anything, so it counts only where an agent has changed that file.
   */
  async step(by: 1 | -1, resource: unknown): Promise<void> {
    const active = this.current;
    await this.model.refresh();
    const given =
      resource instanceof vscode.Uri && ['file', BASE_SCHEME].includes(resource.scheme) ? resource.fsPath : null;
    const current = given !== null && this.model.find(given)?.changed ? given : active;
    const found = current === null ? null : this.model.find(current);
    const root = found?.root ?? this.model.roots.find(({ changes }) => changes.files.length > 0);
    const next = root && neighbour(root.changes.files, current ?? '', by);
    if (root && next) await this.open(root, next);
    else void vscode.window.showInformationMessage(vscode.l10n.t('No agent has changed a file.'));
  }

  private sides(root: ChangeRoot, file: ChangedFile): [vscode.Uri, vscode.Uri] {
    const base = baseUri(root, file);
    return [base, file.kind === 'deleted' ? noFile(root, file.path) : vscode.Uri.file(file.file)];
  }

  /** The file whose change the active editor shows. */
  private get current(): string | null {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff && input.original.scheme === BASE_SCHEME
      ? input.modified.fsPath
      : null;
  }

  private setContext(inDiff: boolean): void {
    if (inDiff === this.inDiff) return;
    this.inDiff = inDiff;
    void vscode.commands.executeCommand('setContext', 'taco.inDiff', inDiff);
  }

  dispose(): void {
    this.setContext(false);
    this.disposables.dispose();
  }
}
