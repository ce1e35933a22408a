import { errors } from '../../core/errors/errors';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import { systemClock } from '../../environment/systemClock';

const ANSWER_MS = 10_000;
const POLL_INTERVAL_MS = 100;

/**
 * Waits for the leader's answer to a request to adopt a pane.
 * @param since time of the request, milliseconds since the epoch
 * Throws TacoError adopt-refused with its reason, or timeout.
 */
export async function awaitAdoption(
  team: { snapshot(): Promise<Snapshot> },
  pane: string,
  since: number,
): Promise<AgentView> {
  for (const until = systemClock.now() + ANSWER_MS; ;) {
    const { agents, activity } = await team.snapshot();
    const agent = agents.find((each) => each.pane === pane);
    // The leader reports a failed request in the activity, like any other failure.
    const why = activity.flatMap(({ at, text }) =>
      at >= since ? (new RegExp(`^adopt: Pane ${pane} cannot be adopted: (.*?)\\. `).exec(text)?.[1] ?? []) : [],
    )[0];
    if (why !== undefined) throw errors.adoptRefused(pane, why);
    if (agent) return agent;
    if (systemClock.now() > until) throw errors.timeout(`The adoption of ${pane}`, ANSWER_MS / 1000);
    await systemClock.sleep(POLL_INTERVAL_MS);
  }
}
