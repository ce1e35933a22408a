import type { HookData } from './hookData';

/** A report of an agent's hook. */
export interface HookReport {
  /** Identifies this hook call, so that a report published twice counts once. */
  readonly id: string;
  readonly event: string;
  readonly data: HookData;
  /** The agent CLI's profile, whose text equality applies to the prompt. */
  readonly profile: string;
  /** Time of the report, milliseconds. */
  readonly at: number;
}
