/** `agent`: the agent's own CLI ran the hook; `other`: another process did; `unknown`: nothing proves either. */
export type HookOrigin = 'agent' | 'other' | 'unknown';

/**
 * Decides by the processes above a hook whether the agent's own CLI ran it. One CLI runs all its hooks in the same way,
 * so they have the same number of processes above them. A CLI that the agent runs in its shell (`claude -p`) has more:
 * itself and that shell.
 * @param known processes above a hook of the agent's own conversation: ids from the hook's parent upwards, separated by
 * spaces; empty when not known
 * @param reported the same of the hook in question; empty where the machine shows none
 * @param panePid process of the agent's pane; 0 when not known
 */
export function hookOrigin(known: string, reported: string, panePid: number): HookOrigin {
  if (reported === '') return 'unknown';
  const above = reported.split(' ');
  const pane = String(panePid);
  const depth = above.indexOf(pane);
  // In a sandbox with its own process ids no chain has the pane's process, and only the depth tells.
  if (known === '') return panePid > 0 && depth < 0 ? 'other' : 'unknown';
  const own = known.split(' ');
  const isBelowPane = own.includes(pane) ? depth === own.indexOf(pane) : own.at(-1) === above.at(-1);
  return isBelowPane && own.length === above.length ? 'agent' : 'other';
}
