import { randomUUID } from 'node:crypto';
import { oneLine } from '../../core/base/truncate';
import { alertKey, AlertQueue, dialogKey } from '../../core/requests/alertQueue';
import { openRequests } from '../../core/team/openRequests';
import type { Snapshot } from '../../core/team/snapshot';
import type { NotificationClaims } from '../../core/team/teamClient';
import { TEAM_VARIABLE } from '../../tmux/client/identity';
import type { Io } from '../runtime/io';

/** Time that a terminal leaves to the windows of VS Code, milliseconds. */
const ALERT_DELAY_MS = 1000;
/** Time in which a dialog gets its request, milliseconds: the alert is of the request then, and not of the dialog. */
const DIALOG_DELAY_MS = 4000;
const TEXT_CHARACTERS = 200;

/** Decides which window or terminal alerts the user. */
export type AlertClaims = Pick<NotificationClaims, 'take' | 'markShown'>;

interface Alert {
  readonly key: string;
  readonly agent: string;
  readonly title: string;
  /** True for a dialog without a request. */
  readonly isDialog: boolean;
}

/**
 * Returns the escape sequences with which a terminal alerts the user: OSC 9 (a notification), then the bell. Empty
 * where the output is no such terminal.
 */
function terminalAlert({ stdout, env }: Pick<Io, 'stdout' | 'env'>, agent: string, title: string): string {
  if (!stdout.isTTY || env['TERM'] === 'dumb') return '';
  return `\u001b]9;TACO: ${oneLine(`${agent}: ${title}`, TEXT_CHARACTERS)}\u0007\u0007`;
}

/**
 * Alerts the user of this terminal to each request once, unless a window or another terminal has done so. Not in TACO's own
 * tmux session, which marks its windows itself.
 */
export class TerminalAlerts {
  private readonly queue = new AlertQueue<Alert>(({ isDialog }) => (isDialog ? DIALOG_DELAY_MS : ALERT_DELAY_MS));
  private readonly name = `terminal-${randomUUID()}`;
  private readonly isWanted: boolean;

  constructor(
    private readonly io: Pick<Io, 'stdout' | 'env'>,
    private readonly claims: AlertClaims,
  ) {
    const { env } = io;
    this.isWanted =
      env[TEAM_VARIABLE] === undefined && env['TACO_NOTIFICATIONS'] !== 'none' && terminalAlert(io, '', '') !== '';
  }

  /** Called at least once a second with the newest snapshot. Never throws. */
  update({ agents, needs }: Pick<Snapshot, 'agents' | 'needs'>, now = Date.now()): void {
    if (!this.isWanted) return;
    const open = openRequests({ agents, needs }).map(({ id, window, agent, title, at }) => ({
      key: id || dialogKey({ window, changedAt: at }),
      agent,
      title,
      isDialog: id === '',
    }));
    for (const { key, agent, title } of this.queue.next(open, now).due) void this.notify(alertKey(key), agent, title);
  }

  private async notify(key: string, agent: string, title: string): Promise<void> {
    try {
      if ((await this.claims.take(key, this.name)) !== 'yours') return;
      this.io.stdout.write(terminalAlert(this.io, agent, title));
      await this.claims.markShown(key);
    } catch {
      // Redis is unreachable: the screen says so, and the request is still on it.
    }
  }
}
