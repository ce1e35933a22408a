/** Formats what agents use for users. Separate from the schemas, so that a view does not load zod. */
import { dollars } from '../agents/formatUsage';
import { duration } from '../base/duration';
import { english, type Translate } from '../base/localizedText';
import { clockTime } from '../limits/limitTexts';
import { budgetEnd, teamRate, type BudgetInput } from './budgetEnd';
import type { AgentVitals, HostVitals } from './vitals';

const MEGABYTE = 1024 * 1024;
/** A slower growth is no news, bytes per hour. */
const NOTABLE_GROWTH = 20 * MEGABYTE;

/** Returns `310 MB` or `1.2 GB`. */
function bytesText(bytes: number): string {
  const mb = bytes / MEGABYTE;
  return mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}

/** Returns `310 MB, +40 MB per hour`; empty when nothing was measured. */
export function memoryText(vitals: AgentVitals | undefined, say: Translate = english): string {
  if (!vitals) return '';
  const { memory, memoryPerHour = 0 } = vitals;
  if (memoryPerHour < NOTABLE_GROWTH) return bytesText(memory);
  return say('{0}, +{1} per hour', bytesText(memory), bytesText(memoryPerHour));
}

/** Returns `42k tokens` or `900 tokens`; empty when it is not known. */
export function contextText(context: number | undefined, say: Translate = english): string {
  if (context === undefined) return '';
  return say('{0} tokens', context < 1000 ? String(context) : `${Math.round(context / 1000)}k`);
}

/** Returns `$1.20 per hour`; empty while it costs nothing. */
export function rateText(costPerHour: number | undefined, say: Translate = english): string {
  return costPerHour === undefined || costPerHour <= 0 ? '' : say('{0} per hour', dollars(costPerHour));
}

/** Returns `$4.10 per hour; at this rate the budget ends at 03:10`; empty while nothing is spent. */
export function spendingText(input: BudgetInput, say: Translate = english): string {
  const rate = rateText(teamRate(input.agents), say);
  const end = budgetEnd(input);
  return end === null ? rate : say('{0}; at this rate the budget ends at {1}', rate, clockTime(end, input.at));
}

/** Returns why a working agent needs a look; empty when it makes progress. */
export function standstillText(vitals: AgentVitals | undefined, now: number, say: Translate = english): string {
  if (vitals?.stillSince !== undefined) return say('no progress for {0}', duration(now - vitals.stillSince, say));
  return vitals?.repeats ? say('the same call failed {0} times: {1}', vitals.repeats.count, vitals.repeats.call) : '';
}

/** Returns `1.2 GB of memory used by agents, 15.0 GB free, 20.0 GB of disk free` for one machine. */
export function machineText({ agents, freeMemory, freeDisk }: HostVitals, say: Translate = english): string {
  const used = agents.reduce((sum, { memory }) => sum + memory, 0);
  return say(
    '{0} of memory used by agents, {1} free, {2} of disk free',
    bytesText(used),
    bytesText(freeMemory),
    bytesText(freeDisk),
  );
}
