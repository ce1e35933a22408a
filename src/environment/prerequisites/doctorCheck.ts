import type { LocalizableText } from '../../core/base/localizedText';
import type { TacoPaths } from '../../core/programs/paths';

/** Result of one check of the doctor. */
export interface DoctorCheck {
  /** Stable: `home-safe`, `disk`, `tmux-restore` … */
  readonly id: string;
  readonly title: LocalizableText;
  /** `warning`: a team works, and what may go wrong is in `detail`. */
  readonly state: 'ok' | 'warning' | 'error';
  readonly detail: LocalizableText;
  /** The cure; null when nothing is to be done. */
  readonly cure: LocalizableText | null;
}

export interface SurroundingsPlace {
  readonly paths: TacoPaths;
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tmuxCommand: string;
  readonly tmuxSocket: string;
  /** Redis URL that was set; undefined: TACO's own, which evicts nothing. */
  readonly redisUrl: string | undefined;
}
