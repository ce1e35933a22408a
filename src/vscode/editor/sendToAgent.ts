import * as vscode from 'vscode';
import { pathBelow, placeFor } from '../../core/agents/agentPath';
import { TacoError } from '../../core/errors/tacoError';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import type { Project } from '../project/project';
import type { ProjectDeps } from '../project/runningProject';
import { runningProject, sameTeam } from '../project/runningProject';
import { messageProblem } from '../shared/inputLimits';
import { agentTitle } from '../shared/labels';
import { pickAgent } from '../shared/quickPicks';
import type { ChangesModel } from './changesModel';
import { excerptFor, realFile } from './excerpts';
import type { Problem } from './messageTemplates';
import { filesText, fixText, hunkText, selectionText } from './messageTemplates';

/** Reads what is sent once the agent is known, and returns the message with the user's note. */
type Compose = (
  running: { readonly project: Project; readonly snapshot: Snapshot },
  agent: AgentView,
) => ((note: string) => string) | Promise<(note: string) => string>;

/**
 * Sends places in files to agents. Each command asks for the agent, then for a note, and gives the path as that agent
 * knows it.
 */
export class EditorSender {
  /** The agent that got the last message: first in the next list. */
  private last: number | null = null;

  constructor(
    private readonly deps: ProjectDeps,
    private readonly changes: ChangesModel,
  ) {}

  /** Sends the selected lines, or the cursor's line. */
  async selection(): Promise<void> {
    const { document, selection } = activeEditor();
    await this.ask(
      document.uri,
      vscode.l10n.t('Select an agent to send the selection to'),
      async ({ project }, agent) => {
        const excerpt = await excerptFor(document, selection, agent, project.dir);
        return (note) => selectionText(excerpt, note);
      },
    );
  }

  /** @param uri the file that the command runs on; @param uris all files that are selected in the explorer */
  async files(uri: unknown, uris: unknown): Promise<void> {
    const chosen =
      Array.isArray(uris) && uris.length > 0
        ? uris.filter((each): each is vscode.Uri => each instanceof vscode.Uri)
        : uri instanceof vscode.Uri
          ? [uri]
          : [activeEditor().document.uri];
    const files = await Promise.all(chosen.filter(({ scheme }) => scheme === 'file').map(realFile));
    const [first] = chosen;
    if (!first || files.length === 0)
      throw new TacoError(
        'usage',
        vscode.l10n.t('This is not a file on disk.'),
        vscode.l10n.t('Save it first, or send a selection of it.'),
      );
    await this.ask(first, vscode.l10n.t('Select an agent to send the file to'), ({ project }, agent) => {
      const paths = files.map((file) => placeFor(file, agent.workspace, project.dir).path);
      return (note) => filesText(paths, note);
    });
  }

  /**
   * Sends the change at the cursor, compared with the base of the file's tree. From the gutter: the change that the
   * user clicked.
   */
  async hunk(uri: unknown, changes: unknown, index: unknown): Promise<void> {
    const editor = activeEditor();
    const clicked = clickedLine(changes, index);
    const document = uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : editor.document;
    const line = clicked ?? editor.selection.active.line + 1;
    if (document.isDirty)
      throw new TacoError(
        'usage',
        vscode.l10n.t('The file has unsaved changes.'),
        vscode.l10n.t('Save it, then send the hunk.'),
      );
    const file = await realFile(document.uri);
    await this.changes.refresh();
    const reader = await this.changes.reader();
    const found = this.changes.find(file);
    const path = found && pathBelow(found.root.changes.top, file);
    const hunks = found && reader && path ? await reader.hunks(found.root.changes, path) : [];
    const hunk = hunks.find(({ first, last }) => first <= line && line <= last);
    if (!hunk)
      throw new TacoError(
        'usage',
        vscode.l10n.t('Line {0} has no changes.', line),
        vscode.l10n.t('Put the cursor on a changed line.'),
      );
    await this.ask(document.uri, vscode.l10n.t('Select an agent to send the hunk to'), ({ project }, agent) => {
      const { path: theirs } = placeFor(file, agent.workspace, project.dir);
      return (note) => hunkText(theirs, hunk.patch, note);
    });
  }

  /** Sends problems to fix. From the palette: those at the cursor, otherwise those of the whole file. */
  async problems(uri: unknown, diagnostics: unknown): Promise<void> {
    const document = uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : activeEditor().document;
    const given = Array.isArray(diagnostics) ? (diagnostics as vscode.Diagnostic[]) : this.problemsAt(document);
    const [first, ...rest] = given;
    if (!first)
      throw new TacoError(
        'usage',
        vscode.l10n.t('There is no problem at this position.'),
        vscode.l10n.t('Send the selection instead.'),
      );
    const range = rest.reduce((all, { range: each }) => all.union(each), first.range);
    await this.ask(document.uri, vscode.l10n.t('Select an agent to fix it'), async ({ project }, agent) => {
      const excerpt = await excerptFor(document, range, agent, project.dir);
      const problems = await Promise.all(
        given.map(async (diagnostic) =>
          problemOf(diagnostic, (await excerptFor(document, diagnostic.range, agent, project.dir)).lines),
        ),
      );
      return (note) => fixText(excerpt, problems, note);
    });
  }

  private problemsAt(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
    const all = vscode.languages.getDiagnostics(document.uri);
    const { selection } = activeEditor();
    const here = all.filter(
      ({ range }) => range.intersection(selection) !== undefined || range.start.line === selection.active.line,
    );
    return here.length > 0 ? here : all;
  }

  private async ask(about: vscode.Uri, question: string, compose: Compose): Promise<void> {
    const running = await runningProject(this.deps, 'send');
    const agent = await pickAgent(this.ordered(running.snapshot.agents, about), question);
    if (!agent) return;
    const messageWith = await compose(running, agent);
    const note = await vscode.window.showInputBox({
      title: vscode.l10n.t('To {0}', agentTitle(agent)),
      prompt: vscode.l10n.t('What should {0} do with it? (Optional; press Enter to send.)', agentTitle(agent)),
      ignoreFocusOut: true,
      validateInput: (text) => messageProblem(messageWith(text)),
    });
    if (note === undefined) return;
    await this.send(running.snapshot, agent, messageWith(note));
  }

  /** Queues one message to an agent of the displayed team and returns its id. Throws the errors of `sameTeam`. */
  async send(shown: Snapshot, agent: AgentView, text: string): Promise<string | undefined> {
    const [sent] = await (
      await sameTeam(this.deps, shown)
    ).team.send({ from: { kind: 'user' }, to: `${agent.window}`, text });
    this.last = agent.window;
    vscode.window.setStatusBarMessage(vscode.l10n.t('$(mail) Queued for {0}', agentTitle(agent)), 4000);
    return sent?.id;
  }

  /** Orders the agents: first the owner of the file's worktree, then the agent of the last message, then by window. */
  private ordered(agents: readonly AgentView[], { fsPath }: vscode.Uri): readonly AgentView[] {
    const rank = (agent: AgentView): number =>
      agent.workspace !== this.deps.host.project?.dir && pathBelow(agent.workspace, fsPath) !== null
        ? 0
        : agent.window === this.last
          ? 1
          : 2;
    return [...agents].sort((a, b) => rank(a) - rank(b) || a.window - b.window);
  }
}

/** Returns the active editor. Throws TacoError usage without a text editor. */
function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (!editor)
    throw new TacoError(
      'usage',
      vscode.l10n.t('No text editor is active.'),
      vscode.l10n.t('Open the file and try again.'),
    );
  return editor;
}

/** Reads the arguments of the gutter's change menu: all changes of the file and the index of the clicked one. */
function clickedLine(changes: unknown, index: unknown): number | null {
  if (!Array.isArray(changes) || typeof index !== 'number') return null;
  const { modifiedStartLineNumber } = (changes[index] ?? {}) as { modifiedStartLineNumber?: unknown };
  return typeof modifiedStartLineNumber === 'number' ? Math.max(1, modifiedStartLineNumber) : null;
}

const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;

function problemOf({ severity, message, source, code }: vscode.Diagnostic, lines: Problem['lines']): Problem {
  const number = typeof code === 'object' ? code.value : code;
  const name = source ?? '';
  return {
    severity: SEVERITIES[severity] ?? 'error',
    message,
    source: number === undefined ? name : `${name}(${number})`,
    lines,
  };
}
