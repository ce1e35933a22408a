import type { LimitTexts } from '../../core/limits/limit';
import { API_LIMITS } from '../shared/apiLimits';

/** Texts of Copilot CLI, as its users report them. */
export const COPILOT_LIMITS: LimitTexts = {
  rules: API_LIMITS,
  marks: { error: /^\s*[✗×] /, skipped: /^\s*(?:~\/|\/)/ },
  remedies: {
    'logged-out': 'run /login in its terminal',
    'out-of-credit': 'see your plan at https://github.com/settings/copilot',
    'context-full': 'run /clear in its terminal',
  },
};
