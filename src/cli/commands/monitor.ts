import { DisposableStore } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { isTacoError } from '../../core/errors/tacoError';
import type { Snapshot } from '../../core/team/snapshot';
import type { Team } from '../../team/team';
import { AlternateScreen } from '../output/alternateScreen';
import { renderDashboard } from '../output/monitoring';
import { TerminalAlerts } from '../output/terminalAlerts';
import type { CommandContext } from '../runtime/commandContext';
import { onDisconnect } from '../runtime/disconnect';
import type { CommandResult } from '../runtime/io';
import { commandTeam } from '../runtime/openTeam';

/** Minimum time between two frames, milliseconds: at most ten frames a second. */
const SHORTEST_FRAME_MS = 100;
/**
 * Maximum time between two frames, milliseconds. Each host has a dashboard: all of them together query Redis about as
 * often as the one of a team without hosts.
 */
const MAX_FRAME_INTERVAL_MS = 2000;
/** Refresh interval of "Started: … ago", milliseconds; it does not query Redis. */
const TICK_MS = 1000;

/** Returns false for `NO_COLOR` (any value) and for a terminal without colours. */
function wantsColor(context: CommandContext): boolean {
  return canDraw(context) && !context.io.env['NO_COLOR'];
}

/** Returns whether the terminal understands escape sequences. */
function canDraw({ io }: CommandContext): boolean {
  return Boolean(io.stdout.isTTY) && io.env['TERM'] !== 'dumb';
}

async function once(context: CommandContext): Promise<CommandResult> {
  const snapshot = await (await commandTeam(context)).snapshot();
  const columns = context.io.stdout.columns || 80;
  return {
    json: snapshot,
    text: renderDashboard(snapshot, { columns, color: wantsColor(context), now: Date.now() }).join('\n'),
  };
}

/** The live dashboard: wakes on the project's events and draws whole snapshots. */
class Dashboard {
  private readonly store = new DisposableStore();
  private readonly screen: AlternateScreen;
  private snapshot: Snapshot | null = null;
  private connected = false;
  private pending: NodeJS.Timeout | null = null;
  private reading = false;
  private stale = false;
  private team: Team | null = null;
  private alerts: TerminalAlerts | null = null;

  constructor(
    private readonly context: CommandContext,
    onQuit: () => void,
  ) {
    this.screen = this.store.add(new AlternateScreen(context.io.stdout, context.io.stdin, onQuit));
    const tick = setInterval(() => this.tick(), TICK_MS);
    const resized = () => this.draw(true);
    context.io.stdout.on('resize', resized);
    this.store.add({
      dispose: () =>
        void (
          clearInterval(tick),
          context.io.stdout.off('resize', resized),
          this.pending && clearTimeout(this.pending)
        ),
    });
  }

  /** Connects, however long Redis is unreachable. Throws errors that waiting does not fix. */
  async open(): Promise<void> {
    for (;;) {
      try {
        this.team = await commandTeam(this.context);
        break;
      } catch (error) {
        if (!isTacoError(error, 'redis-unreachable')) throw error;
        this.screen.draw([`  ${error.message}`, '  Trying again…']);
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      }
      if (this.store.isDisposed) return;
    }
    this.alerts = new TerminalAlerts(this.context.io, this.team.calls);
    this.store.add(this.team.onChange(() => this.wake()));
    this.store.add(
      this.team.onConnection((connected) => {
        this.connected = connected;
        if (connected) this.wake();
        else this.draw();
      }),
    );
    await this.read();
  }

  dispose(): void {
    this.store.dispose();
  }

  private wake(): void {
    this.pending ??= setTimeout(
      () => {
        this.pending = null;
        void this.read();
      },
      Math.min(MAX_FRAME_INTERVAL_MS, SHORTEST_FRAME_MS * (1 + (this.snapshot?.hosts?.length ?? 0))),
    );
  }

  private tick(): void {
    // After a failed read no event may ever come, so the read is repeated each second.
    if (this.team && !this.connected) void this.read();
    this.draw();
  }

  private async read(): Promise<void> {
    if (this.reading || !this.team) {
      this.stale = true;
      return;
    }
    this.reading = true;
    this.stale = false;
    try {
      this.snapshot = await this.team.snapshot();
      this.connected = true;
    } catch {
      this.connected = false;
    }
    this.reading = false;
    this.draw();
    if (this.stale) this.wake();
  }

  private draw(force = false): void {
    const { screen, snapshot, connected } = this;
    if (snapshot && connected) this.alerts?.update(snapshot);
    if (!snapshot) return screen.draw(this.team ? ['  Redis is out of reach. Trying again…'] : [], force);
    screen.draw(
      renderDashboard(snapshot, {
        columns: screen.columns,
        rows: screen.rows,
        color: wantsColor(this.context),
        now: Date.now(),
        connected,
      }),
      force,
    );
  }
}

/** `taco monitor`: on a terminal until Ctrl-C; once elsewhere, with `--once` or with `--json`. */
export async function monitor(context: CommandContext): Promise<CommandResult> {
  if (context.invocation.flag('once') || context.json || !canDraw(context)) return once(context);
  context.project();
  let quit = (): void => undefined;
  const ended = new Promise<void>((resolve) => (quit = resolve));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, quit);
  onDisconnect(context.io, quit);
  const dashboard = context.add(new Dashboard(context, () => quit()));
  const opened = dashboard.open();
  await Promise.race([ended, opened.then(() => ended)]);
  dashboard.dispose();
  await opened.catch((error: unknown) => {
    if (!isTacoError(error, 'cancelled')) throw error;
  });
  return { json: errors.cancelled('The monitor').toJSON(), text: '' };
}
