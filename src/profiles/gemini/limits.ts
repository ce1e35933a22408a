import type { LimitTexts } from '../../core/limits/limit';
import { API_LIMITS } from '../shared/apiLimits';

/** Texts of Gemini CLI, as its users report them. */
export const GEMINI_LIMITS: LimitTexts = {
  rules: API_LIMITS,
  marks: { error: /^\s*✕ /, skipped: /^(?:\s*ℹ|\s*Shift\+Tab|\s*~\/)/ },
  dialog: /usage limit reached for|exhausted your (?:capacity|daily quota)|quota exceeded for/i,
  model: /usage limit reached for (gemini-[\w.-]*\w)/i,
  compact: '/compress',
  remedies: {
    'logged-out': 'run /auth in its terminal',
    'out-of-credit': 'check your plan at https://aistudio.google.com/usage',
    'context-full': 'run /compress or /clear in its terminal',
  },
};
