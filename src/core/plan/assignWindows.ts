import { FIRST_AGENT_WINDOW } from '../base/limits';

/** The largest window number a plan may ask for. */
export const MAX_WINDOW = 9999;

/**
 * A window for each agent: the first to ask for a number keeps it, everybody else (`null`: no usable number) gets the
 * lowest number from 2 up that nobody keeps, in the order of the list.
 */
export function renumbered(windows: readonly (number | null)[]): number[] {
  const kept = new Set<number>();
  const keeps = windows.map((window) => window !== null && !kept.has(window) && kept.add(window).size > 0);
  let free = FIRST_AGENT_WINDOW;
  return windows.map((window, index) => {
    if (keeps[index] && window !== null) return window;
    while (kept.has(free)) free++;
    return free++;
  });
}
