/**
 * The part of VS Code's API that the extension's state, commands and pages need, without a window. Records for the test
 * what VS Code would show.
 */
import Module from 'node:module';
import { Emitter } from '../../../src/core/base/disposable';

class Disposable {
  static from(...items: readonly { dispose(): void }[]): Disposable {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }
  constructor(private work: (() => void) | null) {}
  dispose(): void {
    const { work } = this;
    this.work = null;
    work?.();
  }
}

export class EventEmitter<T> {
  private readonly source = new Emitter<T>();
  readonly event = this.source.event;
  fire(value: T): void {
    this.source.fire(value);
  }
  dispose(): void {
    this.source.dispose();
  }
}

/** Cancelled by the user on a notification that shows progress. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: EventEmitter<void>['event'];
}

export class FakeVscode {
  /** Every notification and status message, in order. */
  readonly said: string[] = [];
  /** Ids of the commands that ran. */
  readonly ran: string[] = [];
  /** Returns the user's text for the next input box; may take time. */
  writes: () => Promise<string | undefined> = async () => undefined;
  /** Questions of lists, input boxes and modal dialogs, in order. */
  readonly asked: string[] = [];
  /** The error of the last input box for a text. */
  problemOf: (text: string) => unknown = () => undefined;
  /** The explanation of each input box. */
  readonly prompts: string[] = [];
  /** The items of each list. */
  readonly lists: (readonly unknown[])[] = [];
  /** True: the user takes the first item of each list, and the proposed button of each dialog. */
  answers = false;
  readonly settings = new Map<string, unknown>();
  /** The open terminals. */
  readonly terminals: { readonly creationOptions: object }[] = [];
  folder = '';
  private readonly configuration = new EventEmitter<{ affectsConfiguration(section: string): boolean }>();
  private cancelled: { token: { isCancellationRequested: boolean }; fire: () => void } | null = null;

  /** Changes a setting, as the user or a synced machine of theirs does. */
  set(id: string, value: unknown): void {
    this.settings.set(id, value);
    this.configuration.fire({ affectsConfiguration: (section) => id === section || id.startsWith(`${section}.`) });
  }

  /** Presses Cancel beside the progress, as the user does. */
  cancel(): void {
    this.cancelled?.fire();
  }

  readonly api = {
    Disposable,
    EventEmitter,
    ProgressLocation: { Notification: 15, Window: 10 },
    Uri: Object.assign(class {}, {
      file: (path: string) => ({ scheme: 'file', fsPath: path, path, toString: () => `file://${path}` }),
      joinPath: (base: { fsPath: string }, ...path: string[]) => ({ fsPath: [base.fsPath, ...path].join('/') }),
    }),
    l10n: {
      t: (text: string, ...values: unknown[]) =>
        text.replace(/\{(\d+)\}/g, (_all, at: string) => String(values[Number(at)])),
      bundle: undefined,
    },
    env: { language: 'en' },
    commands: { executeCommand: async (id: string) => void this.ran.push(id) },
    ThemeIcon: class {},
    QuickPickItemKind: { Separator: -1 },
    TerminalLocation: { Panel: 1 },
    window: {
      terminals: this.terminals,
      onDidCloseTerminal: new EventEmitter<void>().event,
      createTerminal: (creationOptions: object) => {
        const terminal = {
          creationOptions,
          exitStatus: undefined,
          show: () => undefined,
          processId: Promise.resolve(1),
          dispose: () => void this.terminals.splice(this.terminals.indexOf(terminal), 1),
        };
        this.terminals.push(terminal);
        return terminal;
      },
      showInformationMessage: async (text: string) => void this.said.push(text),
      showWarningMessage: async (text: string, options?: { modal?: boolean }, ...buttons: string[]) => {
        this.said.push(text);
        if (options?.modal) this.asked.push(text);
        return this.answers ? buttons[0] : undefined;
      },
      showQuickPick: async (items: readonly unknown[], { placeHolder = '' }: { placeHolder?: string } = {}) => {
        this.asked.push(placeHolder);
        this.lists.push(items);
        return this.answers ? items[0] : undefined;
      },
      showErrorMessage: async (text: string) => void this.said.push(text),
      setStatusBarMessage: (text: string) => void this.said.push(text),
      showInputBox: ({
        title = '',
        prompt = '',
        validateInput,
      }: { title?: string; prompt?: string; validateInput?: (text: string) => unknown } = {}) => {
        this.asked.push(title);
        this.prompts.push(prompt);
        this.problemOf = validateInput ?? (() => undefined);
        return this.writes();
      },
      withProgress: <T>(
        _options: object,
        work: (progress: { report(step: { message?: string }): void }, token: Cancellation) => Promise<T>,
      ) => {
        const emitter = new EventEmitter<void>();
        const token = { isCancellationRequested: false, onCancellationRequested: emitter.event };
        this.cancelled = { token, fire: () => ((token.isCancellationRequested = true), emitter.fire()) };
        return work({ report: ({ message = '' }) => void this.said.push(message) }, token);
      },
    },
    workspace: {
      isTrusted: true,
      textDocuments: [],
      openTextDocument: async ({ fsPath }: { fsPath: string }): Promise<object> => {
        throw new Error(`cannot open file://${fsPath}`);
      },
      onDidChangeWorkspaceFolders: new EventEmitter<void>().event,
      onDidGrantWorkspaceTrust: new EventEmitter<void>().event,
      onDidChangeTextDocument: new EventEmitter<void>().event,
      onDidChangeConfiguration: this.configuration.event,
      getConfiguration: () => ({ get: (id: string) => this.settings.get(id) ?? '' }),
    },
  };

  /** From now on, `import('…')` of a TACO module that needs VS Code gets this fake. The result undoes it. */
  install(): () => void {
    const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
    const load = loader._load;
    Object.defineProperty(this.api.workspace, 'workspaceFolders', {
      get: () => [{ uri: this.api.Uri.file(this.folder) }],
    });
    loader._load = (request, ...rest) => (request === 'vscode' ? this.api : load.call(Module, request, ...rest));
    return () => void (loader._load = load);
  }
}
