import type { LimitTexts } from '../../core/limits/limit';
import { API_LIMITS } from '../shared/apiLimits';

/** Texts of Codex, as its users report them. */
export const CODEX_LIMITS: LimitTexts = {
  rules: API_LIMITS,
  marks: { error: /^■ /, skipped: /^(?:─+|• Worked|  \? for)/ },
  remedies: {
    'logged-out': 'run `codex login`',
    'out-of-credit': 'add credits at https://chatgpt.com/codex/settings/usage',
    'context-full': 'run /new in its terminal',
  },
};
