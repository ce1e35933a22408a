import type { LimitRule } from '../../core/limits/limit';

/** Texts of the providers' APIs, which every agent CLI may show. */
export const API_LIMITS: readonly LimitRule[] = [
  {
    kind: 'out-of-credit',
    pattern:
      /credit balance|insufficient[_ ](?:quota|balance|credits?|funds)|out of credits?|available balance|payment required|billing_(?:error|hard_limit)|monthly spend limit/i,
  },
  {
    kind: 'logged-out',
    pattern:
      /not logged in|please (?:run \/?login|log ?in|sign in)|invalid (?:x-)?api[- ]key|incorrect api key|authentication[_ ](?:error|failed)|oauth token (?:has )?(?:expired|been revoked)|login (?:has )?expired|session (?:has )?expired/i,
  },
  {
    kind: 'context-full',
    pattern:
      /prompt is too long|context (?:limit reached|window|length exceeded)|context_length_exceeded|maximum context length|input (?:token count|is too long|exceeds the context)|conversation is too long/i,
  },
  {
    kind: 'usage-limit',
    pattern:
      /(?:usage|session|weekly|5-hour|daily|monthly|opus|sonnet|fable)[- ]limits?\b|hit your (?:[\w.]+ ){0,3}limit|usage_limit_reached|quota (?:limit |will reset|has been|exceeded)|exhausted your (?:capacity|daily quota)|daily quota|current quota|allocated quota|no quota|free-models-per-day|premium request allowance|specified (?:\w+ )?API usage limits/i,
  },
  {
    kind: 'rate-limit',
    pattern:
      /rate[- _]?limit|too many requests|request rejected \(429\)|\b429\b|RESOURCE_EXHAUSTED|limits? requests|throttl/i,
  },
  {
    kind: 'overloaded',
    pattern:
      /overloaded|\b529\b|internal server error|service (?:is )?(?:temporarily )?unavailable|bad gateway|gateway time-?out|at capacity|no capacity|high demand|API Error: 5\d\d|\b50[0234]\b (?:\{|error|internal|bad|service|gateway)/i,
  },
  {
    kind: 'network',
    pattern:
      /connection (?:error|refused|reset|closed)|unable to connect|cannot connect|could not connect|network (?:error|is unreachable)|fetch failed|socket hang up|E(?:CONNREFUSED|CONNRESET|NOTFOUND|TIMEDOUT|AI_AGAIN|HOSTUNREACH|NETUNREACH)|request timed out|stream disconnected|error sending request/i,
  },
];
