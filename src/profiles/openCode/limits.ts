import type { LimitTexts } from '../../core/limits/limit';
import { API_LIMITS } from '../shared/apiLimits';

/** Texts of OpenCode, as its users report them. */
export const OPEN_CODE_LIMITS: LimitTexts = {
  rules: API_LIMITS,
  remedies: {
    'logged-out': 'run `opencode auth login`',
    'out-of-credit': 'add credit with its provider',
    'context-full': 'run /new in its terminal',
  },
};
