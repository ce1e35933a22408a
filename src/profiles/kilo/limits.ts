import type { LimitTexts } from '../../core/limits/limit';
import { OPEN_CODE_LIMITS } from '../openCode/limits';

/** Kilo CLI writes OpenCode's texts. */
export const KILO_LIMITS: LimitTexts = {
  ...OPEN_CODE_LIMITS,
  remedies: { ...OPEN_CODE_LIMITS.remedies, 'logged-out': 'run `kilo auth login`' },
};
