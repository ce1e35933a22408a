import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import { TacoError } from '../../core/errors/tacoError';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import { hasSession } from '../project/projectState';
import { runningProject } from '../project/runningProject';
import type { ProjectDeps } from '../project/runningProject';
import { messageProblem } from '../shared/inputLimits';
import { agentTitle, messageStatus } from '../shared/labels';
import { pickAgent } from '../shared/quickPicks';
import type { ChangesModel } from './changesModel';
import { commented, realFile } from './excerpts';
import { reviewText } from './messageTemplates';
import type { ReviewStore } from './reviewStore';
import type { EditorSender } from './sendToAgent';

/** Matched by the `when` clauses of the comment menus. */
const PENDING = 'pending';

class Note implements vscode.Comment {
  mode = vscode.CommentMode.Preview;
  readonly author = { name: vscode.l10n.t('You') };
  contextValue: string = PENDING;
  /** The text before the edit. */
  saved: string;
  constructor(
    public body: string,
    readonly thread: vscode.CommentThread,
  ) {
    this.saved = body;
  }
}

/**
 * Comments on lines that agents changed. They wait until the user sends them, then each agent gets all of its own in
 * one message.
 */
export class Review implements vscode.Disposable {
  private readonly controller = vscode.comments.createCommentController('taco.review', vscode.l10n.t('TACO Review'));
  private readonly threads = new Set<vscode.CommentThread>();
  /** Sent threads by the message that delivers them, so that they can show its state. */
  private readonly sent = new Map<string, { readonly to: string; readonly threads: readonly vscode.CommentThread[] }>();
  private readonly disposables = new DisposableStore();

  constructor(
    private readonly deps: ProjectDeps,
    private readonly changes: ChangesModel,
    private readonly sender: EditorSender,
    private readonly threadStore: ReviewStore,
  ) {
    this.controller.options = {
      prompt: vscode.l10n.t('Comment for the agent'),
      placeHolder: vscode.l10n.t('What should change here? (Sent with the rest of your review.)'),
    };
    this.controller.commentingRangeProvider = { provideCommentingRanges: (document) => this.ranges(document) };
    this.disposables.addAll(
      this.controller,
      deps.host.onChange(({ snapshot }) => this.follow(snapshot)),
    );
    for (const { uri, first, last, comments } of threadStore.read()) {
      const thread = this.controller.createCommentThread(
        vscode.Uri.parse(uri),
        new vscode.Range(first, 0, last, 0),
        [],
      );
      for (const comment of comments) this.append(thread, comment);
    }
  }

  /** Handles the button of the comment box. */
  add(reply: unknown): void {
    const { thread, text } = reply as vscode.CommentReply;
    if (text.trim() === '') return;
    this.append(thread, text.trim());
    this.keep();
  }

  edit(comment: unknown): void {
    this.draw(comment as Note, { mode: vscode.CommentMode.Editing });
  }

  save(comment: unknown): void {
    const note = comment as Note;
    note.saved = note.body;
    this.draw(note, { mode: vscode.CommentMode.Preview });
    this.keep();
  }

  cancel(comment: unknown): void {
    const note = comment as Note;
    this.draw(note, { body: note.saved, mode: vscode.CommentMode.Preview });
  }

  remove(comment: unknown): void {
    const { thread } = comment as Note;
    thread.comments = thread.comments.filter((each) => each !== comment);
    if (thread.comments.length === 0) this.forget(thread);
    this.keep();
  }

  /** Discards the unsent comments after a confirmation. */
  async discard(): Promise<void> {
    const pending = this.pending();
    if (pending.length === 0)
      return void vscode.window.showInformationMessage(vscode.l10n.t('There are no comments to send.'));
    const yes = vscode.l10n.t('Discard');
    if (
      (await vscode.window.showWarningMessage(
        vscode.l10n.t('Discard {0} comments?', pending.length),
        { modal: true },
        yes,
      )) !== yes
    )
      return;
    for (const thread of pending) this.forget(thread);
    this.keep();
  }

  /**
   * Sends one message to the agent whose changes are commented on. Asks for the agent when that is not clear, or when
   * the comments are for several.
   */
  async send(): Promise<void> {
    if (this.pending().length === 0)
      throw new TacoError(
        'usage',
        vscode.l10n.t('There are no comments to send.'),
        vscode.l10n.t('Open a file that an agent changed and click the + beside a line.'),
      );
    const { project, snapshot } = await runningProject(this.deps, 'send');
    await this.changes.refresh();
    const groups = await this.byAgents();
    const group = groups.length > 1 ? await pickGroup(groups) : groups[0];
    if (!group) return;
    const [only] = group.agents;
    const agent =
      group.agents.length === 1 && only
        ? only
        : await pickAgent(
            group.agents.length > 0 ? group.agents : snapshot.agents,
            vscode.l10n.t('Select an agent to send the review to'),
          );
    if (!agent) return;
    const notes = await Promise.all(
      group.threads.map(async (thread) => ({
        excerpt: await commented(thread.uri, thread.range, agent, project.dir),
        comments: thread.comments.map(bodyOf),
      })),
    );
    const summary = await vscode.window.showInputBox({
      title: vscode.l10n.t('Review for {0}', agentTitle(agent)),
      prompt: vscode.l10n.t('Introduction to the comments (optional). Press Enter to send everything as one message.'),
      ignoreFocusOut: true,
      validateInput: (text) => messageProblem(reviewText(notes, text)),
    });
    if (summary === undefined) return;
    const id = await this.sender.send(snapshot, agent, reviewText(notes, summary));
    if (id !== undefined) this.sent.set(id, { to: agentTitle(agent), threads: group.threads });
    for (const thread of group.threads) close(thread, vscode.l10n.t('Sent to {0}', agentTitle(agent)));
    this.keep();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /**
   * Returns whole files that an agent changed, and nothing else: otherwise every file of the project would invite
   * comments.
   */
  private async ranges(document: vscode.TextDocument): Promise<vscode.Range[]> {
    if (document.uri.scheme !== 'file' || !hasSession(this.deps.host.state)) return [];
    const file = await realFile(document.uri);
    if (!this.changes.find(file)?.changed) await this.changes.refreshIfOld();
    return this.changes.find(file)?.changed ? [new vscode.Range(0, 0, Math.max(0, document.lineCount - 1), 0)] : [];
  }

  private append(thread: vscode.CommentThread, text: string): void {
    thread.comments = [...thread.comments, new Note(text, thread)];
    thread.contextValue = PENDING;
    thread.label = vscode.l10n.t('Not sent yet');
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    this.threads.add(thread);
  }

  /** Redraws a comment: VS Code draws it again only when the list is a new one. */
  private draw(note: Note, change: Partial<Pick<Note, 'body' | 'mode'>>): void {
    Object.assign(note, change);
    note.thread.comments = [...note.thread.comments];
  }

  private pending(): readonly vscode.CommentThread[] {
    return [...this.threads].filter(({ contextValue }) => contextValue === PENDING);
  }

  private async byAgents(): Promise<readonly Group[]> {
    const groups = new Map<string, { agents: readonly AgentView[]; threads: vscode.CommentThread[] }>();
    for (const thread of this.pending()) {
      const root = this.changes.find(await realFile(thread.uri))?.root;
      const key = root?.changes.top ?? '';
      const group = groups.get(key) ?? { agents: root?.agents ?? [], threads: [] };
      group.threads.push(thread);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  private follow(snapshot: Snapshot | null): void {
    for (const [id, { to, threads }] of this.sent) {
      const message = snapshot?.messages.find((each) => each.id === id);
      if (!message) continue;
      for (const thread of threads) thread.label = vscode.l10n.t('To {0}: {1}', to, messageStatus(message));
      if (message.endedAt !== undefined) this.sent.delete(id);
    }
  }

  private forget(thread: vscode.CommentThread): void {
    this.threads.delete(thread);
    thread.dispose();
  }

  private keep(): void {
    this.threadStore.write(
      this.pending().map((thread) => ({
        uri: thread.uri.toString(),
        first: thread.range?.start.line ?? 0,
        last: thread.range?.end.line ?? 0,
        comments: thread.comments.map(bodyOf),
      })),
    );
  }
}

interface Group {
  readonly agents: readonly AgentView[];
  readonly threads: readonly vscode.CommentThread[];
}

async function pickGroup(groups: readonly Group[]): Promise<Group | undefined> {
  const items = groups.map((group) => ({
    label: group.agents.map(({ name }) => name).join(', ') || vscode.l10n.t('Files of no agent'),
    description: vscode.l10n.t('{0} places', group.threads.length),
    group,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Select the comments to send') }))
    ?.group;
}

function close(thread: vscode.CommentThread, label: string): void {
  for (const comment of thread.comments) comment.contextValue = 'sent';
  thread.comments = [...thread.comments];
  thread.contextValue = 'sent';
  thread.label = label;
  thread.canReply = false;
  thread.state = vscode.CommentThreadState.Resolved;
  thread.collapsibleState = vscode.CommentThreadCollapsibleState.Collapsed;
}

function bodyOf({ body }: vscode.Comment): string {
  return typeof body === 'string' ? body : body.value;
}
