import type { TerminalScreen } from '../../src/core/agents/agentProfile';
import { ScreenReader, type ScreenMeta } from '../../src/tmux/pane/screenParser';

/** Parses one screen, without a screen before it. */
export function parseScreen(captureLines: readonly string[], meta: ScreenMeta): TerminalScreen {
  return new ScreenReader().read(captureLines, meta);
}
