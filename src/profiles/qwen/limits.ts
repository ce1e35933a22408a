import type { LimitTexts } from '../../core/limits/limit';
import { API_LIMITS } from '../shared/apiLimits';

/** Texts of Qwen Code; its hook reports every failed turn. */
export const QWEN_LIMITS: LimitTexts = {
  rules: API_LIMITS,
  compact: '/compress',
  remedies: {
    'logged-out': 'run /auth in its terminal',
    'out-of-credit': 'add credit with its provider',
    'context-full': 'run /compress or /clear in its terminal',
  },
};
