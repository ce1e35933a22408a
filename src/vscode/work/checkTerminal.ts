import * as vscode from 'vscode';
import type { DisposableLike } from '../../core/base/disposable';
import { duration } from '../../core/base/duration';
import { errorMessage } from '../../core/errors/tacoError';
import { commandText } from '../../core/programs/commandLine';
import type { WorkRecords } from '../../team/work/workRecords';

/** A terminal that shows the output of an agent's checks while it is open; the files of the check are its source. */
class CheckTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private follower: DisposableLike | undefined;
  readonly onDidWrite = this.written.event;

  constructor(
    private readonly records: WorkRecords,
    private readonly agent: string,
    private readonly after: number,
    private readonly onClose: () => void,
  ) {}

  open(): void {
    this.follower = this.records.follow(this.agent, this.after, {
      onBegin: () => this.line(vscode.l10n.t('The check of {0} runs.', this.agent)),
      onOutput: (text) => this.written.fire(text.replaceAll('\n', '\r\n')),
      onEnd: ({ verdict, command, durationMs, reason }) => {
        const took = duration(durationMs, vscode.l10n.t);
        this.line(
          verdict === 'proven'
            ? vscode.l10n.t('Proven by {0} after {1}.', commandText(command), took)
            : vscode.l10n.t('Not proven: {0} {1} (after {2}).', commandText(command), reason, took),
        );
      },
      onError: (error) => this.line(errorMessage(error)),
    });
  }

  close(): void {
    this.follower?.dispose();
    this.written.dispose();
    this.onClose();
  }

  private line(text: string): void {
    this.written.fire(`\u001b[1m${text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')}\u001b[0m\r\n`);
  }
}

/** The terminals of running checks, at most one for each agent. */
export class CheckTerminals implements vscode.Disposable {
  private readonly shown = new Map<string, vscode.Terminal>();

  /**
   * Shows the output of an agent's checks.
   * @param after start of the newest run that is not shown, milliseconds since the epoch
   */
  show(records: WorkRecords, agent: string, after: number): void {
    let terminal = this.shown.get(agent);
    if (!terminal) {
      const pty = new CheckTerminal(records, agent, after, () => this.shown.delete(agent));
      const name = vscode.l10n.t('Check of {0}', agent);
      terminal = vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('run-all') });
      this.shown.set(agent, terminal);
    }
    terminal.show(true);
  }

  dispose(): void {
    for (const terminal of [...this.shown.values()]) terminal.dispose();
  }
}
