import type { LimitTexts } from '../../core/limits/limit';
import { API_LIMITS } from '../shared/apiLimits';

/** Texts and `StopFailure` codes of Claude Code, measured on 2.1.332. */
export const CLAUDE_LIMITS: LimitTexts = {
  rules: API_LIMITS,
  codes: {
    rate_limit: 'rate-limit',
    server_error: 'overloaded',
    overloaded: 'overloaded',
    billing_error: 'out-of-credit',
    authentication_failed: 'logged-out',
    authentication_error: 'logged-out',
    oauth_org_not_allowed: 'logged-out',
  },
  // "Opus weekly limit reached", "You've hit your Sonnet 4.5 limit".
  model: /\b(opus|sonnet|haiku|fable)(?: \d[\w.]*)?[- ](?:(?:weekly|daily|usage|5-hour)[- ])?limits?\b/i,
  compact: '/compact',
  remedies: {
    'logged-out': 'run /login in its terminal, or `claude auth login`',
    'out-of-credit': 'add credit at https://platform.claude.com/settings/billing',
    'context-full': 'run /clear in its terminal, or relaunch it with a smaller task',
  },
};
