import type { AgentProfile } from './agentProfile';
import type { AgentRecord } from './agentRecord';

/**
 * Milliseconds of rest after which a CLI that reports its start counts as silent. Its first hook takes seconds on a
 * loaded machine.
 */
const SILENT_AFTER_MS = 20_000;

/**
 * Returns whether an agent's hooks should have reported by now and did not. `now`: milliseconds since the epoch. A
 * record of an older TACO does not say what was heard, so it proves nothing.
 */
export function isSilent(
  { hooks, adopted, status, changedAt }: AgentRecord,
  { reportsStart }: AgentProfile,
  now: number,
): boolean {
  // A dialog at the start, such as the one about trust, comes before the first hook.
  const rests = status === 'idle' || status === 'done';
  return hooks === '' && !adopted && reportsStart === true && rests && now - changedAt > SILENT_AFTER_MS;
}

/** Returns the note about an agent whose hooks are silent. */
export function silentHooksNote(name: string): string {
  return `${name}: no hook of its CLI reports, so TACO reads its state from its screen and can prove only that a message left the input box`;
}

/** Returns the cure for users, sent once a session. */
export function silentHooksHelp(name: string, title: string): string {
  return `No hook of ${name} (${title}) reports to TACO. Its state comes from its screen, and a message counts as delivered without proof. Look for "disableAllHooks" in its settings and for a policy of your organisation (managed settings); allow hooks, then relaunch it: taco relaunch ${name}`;
}
