import type { HomeOptions } from './clis/cli';
import type { Stage } from './testSession';

export interface Case {
  readonly name: string;
  readonly group: 'text' | 'moment' | 'race' | 'load' | 'start' | 'steer';
  /** Plays the case; every message that it sends is judged afterwards. Throws when the setup of the case failed. */
  play(stage: Stage): Promise<void>;
  /** Requests a fresh agent with this home, whose start is part of the case. */
  readonly home?: HomeOptions;
  /** No other case runs at the same time. */
  readonly alone?: boolean;
  /** Versions that have the tested feature; all when absent. */
  readonly versions?: readonly string[];
}
