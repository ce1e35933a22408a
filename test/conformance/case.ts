import type { HomeOptions } from './clis/cli';
import type { Stage } from './testSession';

export interface Case {
  readonly name: string;
  readonly group: 'text' | 'moment' | 'race' | 'load' | 'start';
  /** Plays the case; every message it sends is judged afterwards. Throws when the scene itself could not be set. */
  play(stage: Stage): Promise<void>;
  /** A fresh agent with this home, whose start is part of the case. */
  readonly home?: HomeOptions;
  /** Nothing else runs meanwhile. */
  readonly alone?: boolean;
  /** Versions that have what the case is about; all when absent. */
  readonly versions?: readonly string[];
}
