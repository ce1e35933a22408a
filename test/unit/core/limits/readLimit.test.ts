import * as assert from 'node:assert/strict';
import type { LimitTexts } from '../../../../src/core/limits/limit';
import { readLimit } from '../../../../src/core/limits/readLimit';
import { allProfiles } from '../../../../src/profiles/registry';

const NOW = Date.parse('2026-11-30T15:00:00Z');

/** Texts by the profile that shows them and the kind that they mean. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  claude: {
    'usage-limit': [
      "You've hit your session limit · resets 3pm (America/Bogota)",
      "You've hit your weekly limit · resets Sep 15 at 7pm",
      "You've hit your limit · resets 3pm",
      'Claude AI usage limit reached|1749924000',
      '5-hour limit reached ∙ resets 3pm',
      'API Error: 400 You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
      'Opus weekly limit reached ∙ resets Oct 31, 9am',
    ],
    'rate-limit': [
      'API Error: Request rejected (429) · this may be a temporary capacity issue',
      "API Error: 429 This request would exceed your account's rate limit. Please try again later.",
    ],
    overloaded: [
      'API Error: Repeated 529 Overloaded errors',
      'API Error: 500 {"type":"error","error":{"type":"api_error","message":"Internal server error"}}',
    ],
    'out-of-credit': [
      'Credit balance too low · Add funds: https://platform.claude.com/settings/billing',
      'Your credit balance is too low to access the Anthropic API.',
      "You've hit your monthly spend limit · raise it at claude.ai/settings/usage",
    ],
    'logged-out': [
      'Invalid API key · Please run /login',
      'Not logged in · Please run /login',
      'API Error: 401 OAuth token has expired. Please obtain a new token or refresh your existing token.',
    ],
    'context-full': ['Context limit reached · /compact or /clear to continue', 'Prompt is too long'],
    network: [
      'API Error: Connection error.',
      'API Error: Unable to connect to API (ECONNREFUSED)',
      'API Error: Unable to connect to API due to poor internet connection',
    ],
  },
  codex: {
    'usage-limit': [
      "■ You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again in 5 days 22 hours 11\nminutes.",
      '{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached"}}',
    ],
    'rate-limit': ['■ exceeded retry limit, last status: 429 Too Many Requests, request id: 9c84b52ce87fbe62-SJC'],
    'out-of-credit': ['Error code: 429 - insufficient_quota', 'Your workspace is out of credits.'],
    network: ['■ stream disconnected before completion: error sending request for url (https://api.openai.com)'],
    overloaded: [
      '■ unexpected status 503 Service Unavailable',
      '■ Selected model is at capacity. Please try a different model.',
    ],
    'context-full': ["■ Codex ran out of room in the model's context window. Start a new thread."],
  },
  gemini: {
    'usage-limit': [
      'Usage limit reached for gemini-3-flash-preview. Access resets at 10:57 PM GMT-3.',
      '✕ [API Error: You have exhausted your capacity on this model. Your quota will reset after 12h22m44s.]',
      '✕ [API Error: You have exhausted your daily quota on this model.]',
      'You exceeded your current quota, please check your plan and billing details.',
    ],
    'rate-limit': ['✕ [API Error: 429 status code (no body)]', '{"code":429,"status":"RESOURCE_EXHAUSTED"}'],
    overloaded: ['✕ [API Error: The model is overloaded. Please try again later.]'],
  },
  copilot: {
    'rate-limit': [
      "✗ Sorry, you've hit a rate limit that restricts the number of Copilot model requests you can make within a specific time\n  period. Please try again in 58 hours.",
      'Model call failed: {"message":"rate limit exceeded","code":"rate_limited"}',
      "You've reached your weekly rate limit. Please wait for your limit to reset on April 20, 2026 at 2:00 AM",
    ],
    'usage-limit': ['402 {"error":{"message":"You have no quota","code":"quota_exceeded"}}'],
  },
  opencode: {
    'rate-limit': ['Too Many Requests', 'You have exceeded the request rate limit.'],
    'usage-limit': ['429 Free allocated quota exceeded.'],
    network: ['fetch failed'],
  },
};

function textsOf(name: string): LimitTexts {
  const limits = allProfiles([]).find((each) => each.name === name)?.limits;
  assert.ok(limits, name);
  return limits;
}

describe('limits in the texts of agent CLIs', () => {
  for (const [profile, kinds] of Object.entries(TEXTS))
    for (const [kind, texts] of Object.entries(kinds))
      for (const text of texts)
        it(`reads ${kind} of ${profile}: ${text.slice(0, 70).replaceAll('\n', ' ')}`, () =>
          assert.equal(readLimit({ text, code: '' }, textsOf(profile), NOW, 'UTC')?.kind, kind));

  it('names the model of a limit that concerns one model', () => {
    const modelIn = (text: string, profile = 'claude'): string | undefined =>
      readLimit({ text, code: '' }, textsOf(profile), NOW)?.model;
    assert.equal(modelIn('Opus weekly limit reached ∙ resets Oct 31, 9am'), 'opus');
    assert.equal(modelIn("You've hit your Sonnet 4.5 limit · resets 3pm"), 'sonnet');
    assert.equal(modelIn("You've hit your weekly limit · resets Sep 15 at 7pm"), undefined);
    assert.equal(modelIn("You've hit your session limit · resets 3pm · /model sonnet"), undefined);
    assert.equal(
      modelIn('Usage limit reached for gemini-3-flash-preview. Access resets at 10:57 PM GMT-3.', 'gemini'),
      'gemini-3-flash-preview',
    );
    assert.equal(modelIn('✕ [API Error: You have exhausted your daily quota on this model.]', 'gemini'), undefined);
  });

  it('uses the error code of the hook when the text says nothing', () => {
    const read = (code: string, text = 'API Error'): string | undefined =>
      readLimit({ text, code }, textsOf('claude'), NOW)?.kind;
    assert.equal(read('rate_limit'), 'rate-limit');
    assert.equal(read('server_error'), 'overloaded');
    assert.equal(read('billing_error', ''), 'out-of-credit');
    assert.equal(read('unknown'), undefined);
    assert.equal(read('constructor'), undefined);
    assert.equal(read('rate_limit', "You've hit your session limit · resets 3pm (UTC)"), 'usage-limit');
  });

  it('calls no other failure a limit', () => {
    for (const text of [
      'API Error: 400 messages.1.content: unexpected tool_use_id',
      'The model claude-x does not exist',
      'Request was aborted',
      'max_output_tokens reached',
    ])
      assert.equal(readLimit({ text, code: 'unknown' }, textsOf('claude'), NOW), null, text);
  });

  it('keeps the words of the CLI in one short line', () => {
    const limit = readLimit({ text: `rate limit\n\u001b[31m${'x'.repeat(900)}`, code: '' }, textsOf('claude'), NOW);
    assert.ok(limit && limit.text.length <= 300 && !/[\n\u001b]/.test(limit.text));
  });
});
