import type { Dialog } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Clock } from '../../core/base/clock';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { InputRequest, InputResponse } from '../../core/requests/inputRequest';
import type { InputRequestStore } from '../../redis/state/inputRequestStore';
import { parseInputRequests } from '../../redis/state/readSnapshot';
import { answerDialog } from '../../tmux/delivery/answerDialog';
import type { PaneDriver, PaneState } from '../../tmux/pane/paneDriver';
import type { AgentLauncher } from '../launch/agentLauncher';
import type { AgentManager } from './agentManager';

export interface DialogRequestsOptions {
  readonly store: InputRequestStore;
  readonly panes: PaneDriver;
  readonly launcher: Pick<AgentLauncher, 'profile'>;
  readonly agents: Pick<AgentManager, 'get' | 'isElsewhere'>;
  readonly epoch: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * A CLI draws a dialog a little after its hook reports it. A younger request stays open although no dialog is
 * visible, milliseconds.
 */
const DRAWN_WITHIN_MS = 1500;
const POLL_INTERVAL_MS = 500;

interface Shown {
  readonly digest: string;
  /** Null while the dialog was captured only once: its hook may be about to report it. */
  readonly request: InputRequest | null;
}

/**
 * Opens requests for dialogs that only the screen shows, and closes every request whose dialog is gone. An answer in
 * the terminal sends no event. Hooks open and answer their own requests.
 */
export class DialogRequests implements DisposableLike {
  private readonly shown = new Map<number, Shown>();
  private readonly waiting = new Set<number>();
  private readonly settling = new Set<number>();
  /** Windows whose capture is being processed: an answer takes longer than the poll interval. */
  private readonly judging = new Set<number>();
  private disposed = false;

  constructor(private readonly options: DialogRequestsOptions) {}

  /** Closes the requests of the screen that an earlier leader opened. */
  async begin(): Promise<void> {
    for (const request of await this.open()) {
      if (this.options.agents.isElsewhere(request.window)) continue;
      if (this.options.agents.get(request.window)?.status !== 'needs-input') await this.settle(request.window);
      else this.waiting.add(request.window);
      // A dialog on the screen is captured again and gets a new request.
      if (isOfScreen(request.id)) await this.options.store.end(request.window, [request.id]);
    }
  }

  onChanged({ window, status }: AgentRecord): void {
    if (status === 'needs-input') this.waiting.add(window);
    else if (this.waiting.delete(window)) void this.settle(window);
  }

  /** Processes a capture of an agent that waits for the user. Never throws. */
  async onCapture(record: AgentRecord, state: PaneState): Promise<void> {
    if (this.judging.has(record.window)) return;
    this.judging.add(record.window);
    try {
      const profile = this.options.launcher.profile(record.profile);
      const reading = profile.readScreen(state.screen);
      // A completion menu while the user types is no request.
      const dialog =
        reading.kind === 'dialog' && reading.composer === null ? (profile.readDialog?.(state.screen) ?? null) : null;
      await this.see(record, dialog);
    } catch (error) {
      this.options.log.debug('needs.look', { window: record.window, error: errorMessage(error) });
    } finally {
      this.judging.delete(record.window);
    }
  }

  dispose(): void {
    this.disposed = true;
  }

  private async see(record: AgentRecord, dialog: Dialog | null): Promise<void> {
    const { window } = record;
    const shown = this.shown.get(window);
    if (shown?.request && shown.digest === dialog?.digest) return this.carryOut(record, shown.request, shown.digest);
    if (shown?.request) await this.options.store.end(window, [shown.request.id]);
    this.shown.delete(window);
    if (dialog === null) return;
    const asked = (await this.open()).filter((request) => request.window === window && !isOfScreen(request.id));
    await this.endOvertaken(window, asked, dialog);
    if (asked.length > 0) return;
    const request = shown?.digest === dialog.digest ? this.requestOf(window, dialog) : null;
    this.shown.set(window, { digest: dialog.digest, request });
    if (request) await this.options.store.open(request);
  }

  private requestOf(window: number, { digest, lines, choices }: Dialog): InputRequest {
    const at = this.options.clock.now();
    return {
      id: `need_screen-${window}-${digest}-${at.toString(36)}`,
      window,
      kind: 'dialog',
      tool: '',
      input: lines.join('\n'),
      cut: false,
      choices: [...choices],
      at,
    };
  }

  /** Closes requests that a later dialog has replaced: a CLI shows its dialogs in the order of their requests. */
  private async endOvertaken(window: number, asked: readonly InputRequest[], dialog: Dialog): Promise<void> {
    if (asked.length < 2) return;
    const text = dialog.lines.join('').replace(/\s/g, '');
    const current = asked.findLastIndex((request) => descriptiveParts(request).some((part) => text.includes(part)));
    const over = asked
      .slice(0, Math.max(0, current))
      .filter((request) => !descriptiveParts(request).some((part) => text.includes(part)));
    await this.options.store.end(
      window,
      over.map(({ id }) => id),
    );
  }

  /** Answers a dialog by keystrokes behind the fence and publishes the result to the client that answered. */
  private async carryOut(record: AgentRecord, request: InputRequest, digest: string): Promise<void> {
    const { store, log } = this.options;
    const word = await store.word(request.id, 0);
    if (word === null) return;
    this.shown.delete(record.window);
    if (word.kind === 'over') return;
    const problem = await this.press(record, word.answer, digest).catch((error: unknown) => errorMessage(error));
    log.info('need.answered', { window: record.window, problem });
    await store.confirm(request.id, problem);
  }

  /** Returns an empty string when the choice was made, else the reason; then nothing was chosen. */
  private async press(record: AgentRecord, answer: InputResponse, digest: string): Promise<string> {
    if (answer.kind !== 'pick') return 'this dialog can only be answered by one of its choices';
    const { panes, clock, epoch } = this.options;
    const profile = this.options.launcher.profile(record.profile);
    const outcome = await answerDialog({ panes, clock, epoch, profile }, record.pane, digest, answer.choice);
    if (outcome === 'done') return '';
    return outcome === 'ignored' ? 'its dialog did not take the key' : 'the dialog has changed since it was shown';
  }

  /** Closes the requests of an agent whose dialog is gone, except one that may not be drawn yet. */
  private async settle(window: number): Promise<void> {
    if (this.settling.has(window)) return;
    this.settling.add(window);
    this.shown.delete(window);
    while (!this.disposed && this.options.agents.get(window)?.status !== 'needs-input' && !(await this.endOld(window)))
      await this.options.clock.sleep(POLL_INTERVAL_MS);
    this.settling.delete(window);
  }

  /**
   * Returns true when this window has no open request. Never throws: the next poll repeats writes that Redis
   * rejected.
   */
  private async endOld(window: number): Promise<boolean> {
    const { store, clock, log } = this.options;
    try {
      const open = (await this.open()).filter((request) => request.window === window);
      await store.end(
        window,
        open.filter(({ at }) => at < clock.now() - DRAWN_WITHIN_MS).map(({ id }) => id),
      );
      return open.length === 0;
    } catch (error) {
      log.warn('needs.settle', { window, error: errorMessage(error) });
      return false;
    }
  }

  private async open(): Promise<readonly InputRequest[]> {
    return parseInputRequests(await this.options.store.raw(), this.options.log);
  }
}

function isOfScreen(id: string): boolean {
  return id.startsWith('need_screen-');
}

/** Returns words of a tool's input that its dialog shows, without spaces: a terminal wraps lines anywhere. */
function descriptiveParts({ input }: InputRequest): readonly string[] {
  try {
    const values = Object.values(JSON.parse(input) as Record<string, unknown>);
    return values
      .filter((value) => typeof value === 'string')
      .map((value) => value.replace(/\s/g, '').slice(0, 200))
      .filter((part) => part.length > 3);
  } catch {
    return [];
  }
}
