import type { Logger } from '../../core/base/logger';
import type { PreviewsPost } from '../../core/webviews/monitorProtocol';
import { terminalRuns } from '../../core/webviews/terminalRuns';
import type { ProjectHost } from '../project/projectHost';
import type { ProjectPanelContext } from './projectPanel';

/** Lines of a terminal that an unfolded row shows. */
const LINES = 15;
/** Interval of two captures, milliseconds. One tmux process captures all unfolded terminals. */
const CAPTURE_EVERY_MS = 500;

/** The last lines of unfolded terminals. It captures only while one is unfolded and the page is visible. */
export class TerminalPreviews {
  private windows: readonly number[] = [];
  private visible = false;
  private timer: NodeJS.Timeout | null = null;
  private reading = false;
  private shown = '';

  constructor(
    private readonly context: Pick<ProjectPanelContext, 'loadBackend'> & {
      readonly host: Pick<ProjectHost, 'state' | 'engineSettings'>;
      readonly logger: Logger;
    },
    private readonly post: (post: PreviewsPost) => void,
  ) {}

  setWindows(windows: readonly number[]): void {
    this.windows = windows;
    this.shown = '';
    this.schedule();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.schedule();
  }

  dispose(): void {
    this.setVisible(false);
  }

  private schedule(): void {
    const wanted = this.visible && this.windows.length > 0;
    if (wanted === (this.timer !== null)) return;
    if (this.timer) clearInterval(this.timer);
    this.timer = wanted ? setInterval(() => void this.capture(), CAPTURE_EVERY_MS) : null;
    if (wanted) void this.capture();
  }

  private async capture(): Promise<void> {
    const { host, loadBackend, logger } = this.context;
    const { snapshot } = host.state;
    if (this.reading || !snapshot?.session) return;
    this.reading = true;
    try {
      // On this machine a pane of another host may be another agent's.
      const agents = snapshot.agents.filter(
        ({ window, pane, host: of }) => this.windows.includes(window) && pane && !of,
      );
      const backend = await loadBackend();
      const found = await backend.captureScreens(
        host.engineSettings(),
        snapshot.session,
        agents.map(({ pane }) => pane),
      );
      const terminals = agents.map(({ window, pane }) => ({ window, lines: linesOf(found.get(pane) ?? []) }));
      const drawn = JSON.stringify(terminals);
      if (drawn === this.shown || this.timer === null) return;
      this.shown = drawn;
      this.post({ type: 'previews', terminals });
    } catch (error) {
      logger.debug('monitor.previews', { error });
    } finally {
      this.reading = false;
    }
  }
}

function linesOf(rows: readonly string[]): PreviewsPost['terminals'][number]['lines'] {
  let style = {};
  const lines = rows.map((row) => {
    const read = terminalRuns(row, style);
    style = read.style;
    return read.runs;
  });
  return lines.slice(-LINES);
}
