import { FIRST_AGENT_WINDOW } from '../base/limits';

/**
 * Assigns a window to each agent. The first agent that asks for a number keeps it. All others (`null`: no usable
 * number) get the lowest free number from 2 up, in the order of the list.
 */
export function renumbered(windows: readonly (number | null)[]): number[] {
  const taken = new Set<number>();
  const keeps = windows.map((window) => window !== null && !taken.has(window) && taken.add(window).size > 0);
  let free = FIRST_AGENT_WINDOW;
  return windows.map((window, index) => {
    if (keeps[index] && window !== null) return window;
    while (taken.has(free)) free++;
    return free++;
  });
}
