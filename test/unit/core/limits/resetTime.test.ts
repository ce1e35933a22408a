import * as assert from 'node:assert/strict';
import { resetTimeIn } from '../../../../src/core/limits/resetTime';

/** Reads a text at a time and returns the reset in UTC. */
function reset(text: string, now: string, zone = 'Europe/Berlin'): string | null {
  const at = resetTimeIn(text, Date.parse(now), zone);
  return at === null ? null : new Date(at).toISOString().replace('.000Z', 'Z');
}

type Case = readonly [text: string, now: string, reset: string | null, zone?: string];

/** Texts as users of each CLI reported them publicly, or as the CLI printed them here. */
const SAMPLES: Readonly<Record<string, readonly Case[]>> = {
  'Claude Code': [
    ["You've hit your limit · resets 7pm (UTC)", '2026-11-30T15:00:00Z', '2026-11-30T19:00:00Z'],
    ["You've hit your limit · resets 9pm (America/New_York)", '2026-11-30T15:00:00Z', '2026-12-01T02:00:00Z'],
    ["You've hit your session limit · resets 3pm (America/Bogota)", '2026-08-10T16:00:00Z', '2026-08-10T20:00:00Z'],
    [
      "You've hit your session limit · resets 12:50am (America/Los_Angeles)",
      '2026-07-04T07:20:00Z',
      '2026-07-04T07:50:00Z',
    ],
    [
      "You've hit your session limit · resets 10:30pm (Europe/Berlin)\n/login to switch to an API usage-billed account.",
      '2026-07-19T16:00:00Z',
      '2026-07-19T20:30:00Z',
    ],
    [
      "You've hit your session limit · resets 2:30pm (Pacific/Auckland)",
      '2026-07-16T00:00:00Z',
      '2026-07-16T02:30:00Z',
    ],
    [
      "You've hit your session limit · resets 5:50pm America/Los_Angeles",
      '2026-06-01T17:00:00Z',
      '2026-06-02T00:50:00Z',
    ],
    ["You've hit your limit · resets 11:30pm", '2026-01-20T12:00:00Z', '2026-01-20T22:30:00Z'],
    ["You've hit your weekly limit · resets Sep 15 at 7pm", '2026-09-08T12:00:00Z', '2026-09-15T17:00:00Z'],
    [
      "You've hit your weekly limit · resets Aug 17, 4am (Europe/Amsterdam)",
      '2026-08-10T12:00:00Z',
      '2026-08-17T02:00:00Z',
    ],
    ["You've hit your weekly limit · resets Mon 9am (Asia/Jerusalem)", '2026-12-03T12:00:00Z', '2026-12-07T07:00:00Z'],
    ["You've hit your weekly limit · resets Mon 12:00am", '2026-12-03T12:00:00Z', '2026-12-06T23:00:00Z'],
    ["You've hit your weekly limit · resets Sep 19", '2026-09-08T12:00:00Z', '2026-09-18T22:00:00Z'],
    ['Opus weekly limit reached ∙ resets Oct 31, 9am', '2025-10-25T12:00:00Z', '2025-10-31T08:00:00Z'],
    ['Weekly limit reached ∙ resets Oct 9, 5pm', '2025-10-05T12:00:00Z', '2025-10-09T15:00:00Z'],
    ['5-hour limit reached ∙ resets 3pm', '2025-10-05T10:00:00Z', '2025-10-05T13:00:00Z'],
    ['Session limit reached ∙ resets 11:00 PM', '2025-10-05T10:00:00Z', '2025-10-05T21:00:00Z'],
    [
      'Claude usage limit reached. Your limit will reset at 1pm (Etc/GMT+5).',
      '2025-06-14T17:57:00Z',
      '2025-06-14T18:00:00Z',
    ],
    ['Claude Max usage limit reached. Your limit will reset at 12am.', '2025-05-30T12:00:00Z', '2025-05-30T22:00:00Z'],
    ['Claude AI usage limit reached|1749924000', '2025-06-14T17:56:00Z', '2025-06-14T18:00:00Z'],
    [
      'Usage limit reached · continuing automatically at 3:45pm · esc to cancel',
      '2026-10-05T10:00:00Z',
      '2026-10-05T13:45:00Z',
    ],
    ['resets at 6am tomorrow', '2025-10-05T12:00:00Z', '2025-10-06T04:00:00Z'],
    [
      'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
      '2026-11-30T15:00:00Z',
      '2026-12-01T00:00:00Z',
    ],
    [
      'API Error: 400 {"type":"error","error":{"message":"You have reached your specified workspace API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}',
      '2026-11-30T15:00:00Z',
      '2026-12-01T00:00:00Z',
    ],
    ['429 rate limited · retrying in 12s · attempt 6/10', '2026-11-30T15:00:00Z', '2026-11-30T15:00:12Z'],
  ],
  Codex: [
    [
      "■ You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again in 5 days 22 hours 11\nminutes.",
      '2026-11-01T00:00:00Z',
      '2026-11-06T22:11:00Z',
    ],
    ["You've hit your usage limit. Try again in 3 hours 2 minutes.", '2026-11-01T00:00:00Z', '2026-11-01T03:02:00Z'],
    [
      "You've hit your usage limit. Upgrade to Plus to continue using Codex (https://chatgpt.com/explore/plus), or try again at Jul 5th, 2026 8:19 PM.",
      '2026-06-05T12:00:00Z',
      '2026-07-05T18:19:00Z',
    ],
    [
      "You've hit your usage limit… or try again at Aug 20, 2026, 7:38 AM",
      '2026-08-19T12:00:00Z',
      '2026-08-20T05:38:00Z',
    ],
    [
      "ERROR: You've hit your usage limit. Please try again at Sep 29th, 2026 12:55 AM.",
      '2026-09-28T12:00:00Z',
      '2026-09-28T22:55:00Z',
    ],
    [
      "■ You've hit your usage limit. Visit https://chatgpt.com/codex/settings/usage to purchase more credits or try again at 3:51 PM.",
      '2026-12-31T12:00:00Z',
      '2026-12-31T14:51:00Z',
    ],
    ["You've hit your usage limit. Try again at 9:15 AM.", '2026-09-26T10:00:00Z', '2026-09-27T07:15:00Z'],
    ["You've hit your usage limit. try again at Jan 2nd 3:00 AM.", '2026-12-31T23:00:00Z', '2027-01-02T02:00:00Z'],
    ["You've hit your usage limit. Try again at Oct 4th.", '2026-10-01T12:00:00Z', '2026-10-03T22:00:00Z'],
    ['try again in less than a minute', '2026-11-01T00:00:00Z', '2026-11-01T00:01:00Z'],
    [
      '{"error":{"type":"usage_limit_reached","resets_at":1777936568,"resets_in_seconds":13872}}',
      '2026-05-04T19:24:56Z',
      '2026-05-04T23:16:08Z',
    ],
    ['stream error: exceeded retry limit; retrying 4/5 in 1.471s', '2026-11-01T00:00:00Z', null],
    [
      'Rate limit reached for gpt-5. Please try again in 1.5s. Visit https://platform.openai.com',
      '2026-11-01T00:00:00Z',
      '2026-11-01T00:00:01.500Z',
    ],
  ],
  'Gemini CLI': [
    [
      'Usage limit reached for gemini-3-flash-preview. Access resets at 10:57 PM GMT-3.',
      '2026-03-16T12:00:00Z',
      '2026-03-17T01:57:00Z',
    ],
    [
      'Usage limit reached for all Pro models. Access resets at 11:00 AM GMT+2.',
      '2026-03-16T12:00:00Z',
      '2026-03-17T09:00:00Z',
    ],
    ['Access resets at 3:45 PM PDT.', '2026-07-16T12:00:00Z', '2026-07-16T22:45:00Z'],
    [
      '✕ [API Error: You have exhausted your capacity on this model. Your quota will reset after 12h22m44s.]',
      '2026-03-16T12:00:00Z',
      '2026-03-17T00:22:44Z',
    ],
    ['Your quota will reset after 48m20s.', '2026-03-16T12:00:00Z', '2026-03-16T12:48:20Z'],
    ['Individual quota reached. Resets in 157h', '2026-03-16T12:00:00Z', '2026-03-23T01:00:00Z'],
    ['"retryDelay": "51820.6s"', '2026-03-16T12:00:00Z', '2026-03-17T02:23:40.600Z'],
    ['Please retry in 38.5s.', '2026-03-16T12:00:00Z', '2026-03-16T12:00:38.500Z'],
    ['✕ [API Error: You have exhausted your daily quota on this model.]', '2026-03-16T12:00:00Z', null],
  ],
  Copilot: [
    [
      "Sorry, you've hit a rate limit that restricts the number of Copilot model requests you can make within a specific time\nperiod. Please try again in 15 hours 23 minutes. Please review our Terms of Service (https://docs.github.com/)",
      '2026-04-16T00:00:00Z',
      '2026-04-16T15:23:00Z',
    ],
    ['Please try again in 58 hours. Please review our Terms', '2026-04-14T00:00:00Z', '2026-04-16T10:00:00Z'],
    [
      'Sorry, your request was rate-limited. Please wait 4 hours 40 minutes before trying again.',
      '2026-04-14T00:00:00Z',
      '2026-04-14T04:40:00Z',
    ],
    [
      'Sorry, you have been rate-limited. Please wait 2 minutes before trying again or consider switching to Auto.',
      '2026-04-14T00:00:00Z',
      '2026-04-14T00:02:00Z',
    ],
    [
      "You've reached your weekly rate limit. Please wait for your limit to reset on April 20, 2026 at 2:00 AM or switch to auto model to continue. Learn More (https://docs.github.com) (Request ID: D0BC:2556F)",
      '2026-04-18T00:00:00Z',
      '2026-04-20T00:00:00Z',
    ],
    ['Please wait 587 hours 33 minutes before trying again.', '2026-03-01T00:00:00Z', '2026-03-25T11:33:00Z'],
  ],
  'OpenCode and Qwen Code': [
    [
      '429 Too Many Requests retrying in 59 minutes 12 seconds attempt #15',
      '2026-08-01T00:00:00Z',
      '2026-08-01T00:59:12Z',
    ],
    ['Usage limit reached [retrying in 2h 13m attempt #3]', '2026-08-01T00:00:00Z', '2026-08-01T02:13:00Z'],
    ['429 Free allocated quota exceeded.', '2026-02-06T00:00:00Z', null],
    ['limit resets at: 2025-09-11T10:13:01+0000', '2025-09-11T08:00:00Z', '2025-09-11T10:13:00Z'],
    ['Try again at 2026-08-03T15:30:00Z.', '2026-08-03T12:00:00Z', '2026-08-03T15:30:00Z'],
  ],
};

describe('reset times of limits', () => {
  for (const [cli, cases] of Object.entries(SAMPLES))
    for (const [text, now, expected, zone] of cases)
      it(`reads ${cli}: ${text.slice(0, 90).replaceAll('\n', ' ')}`, () =>
        assert.equal(reset(text, now, zone), expected));

  it('takes a clock time that has just passed as now, not as tomorrow', () => {
    assert.equal(reset('resets 3pm (UTC)', '2026-11-30T15:00:30Z'), '2026-11-30T15:00:00Z');
    assert.equal(reset('resets 3pm (UTC)', '2026-11-30T15:14:00Z'), '2026-11-30T15:00:00Z');
    assert.equal(reset('resets 3pm (UTC)', '2026-11-30T15:16:00Z'), '2026-12-01T15:00:00Z');
    assert.equal(reset('resets 11:55pm (UTC)', '2026-12-01T00:05:00Z'), '2026-11-30T23:55:00Z');
  });

  it('reads a time that is skipped at the start of daylight saving', () => {
    assert.equal(reset('resets 2:30am', '2026-03-28T23:00:00Z'), '2026-03-29T01:30:00Z');
    assert.equal(reset('resets 2:30am (America/New_York)', '2026-03-08T05:00:00Z'), '2026-03-08T07:30:00Z');
  });

  it('takes the first of two equal times at the end of daylight saving that is not over', () => {
    assert.equal(reset('resets 2:30am', '2026-10-24T22:00:00Z'), '2026-10-25T00:30:00Z');
    assert.equal(reset('resets 2:30am', '2026-10-25T01:00:00Z'), '2026-10-25T01:30:00Z');
    assert.equal(reset('resets 1:10am (America/New_York)', '2026-11-01T05:40:00Z'), '2026-11-01T06:10:00Z');
  });

  it('reads a time after a change of the clocks', () => {
    assert.equal(reset('resets 9am', '2026-03-28T20:00:00Z'), '2026-03-29T07:00:00Z');
    assert.equal(reset('resets 9am', '2026-10-24T20:00:00Z'), '2026-10-25T08:00:00Z');
    assert.equal(reset('resets Nov 2, 9am (America/Chicago)', '2026-10-30T12:00:00Z'), '2026-11-02T15:00:00Z');
  });

  it('reads the day in the zone of the text, not in that of the machine', () => {
    assert.equal(reset('resets 1am (Asia/Tokyo)', '2026-11-30T14:00:00Z', 'America/New_York'), '2026-11-30T16:00:00Z');
    assert.equal(reset('resets 11pm (Pacific/Kiritimati)', '2026-11-30T12:00:00Z'), '2026-12-01T09:00:00Z');
  });

  it('keeps to the same weekday while its time is not over', () => {
    assert.equal(reset('resets Mon 9pm (UTC)', '2026-11-30T15:00:00Z'), '2026-11-30T21:00:00Z');
    assert.equal(reset('resets Monday 9am (UTC)', '2026-11-30T15:00:00Z'), '2026-12-07T09:00:00Z');
  });

  it('guesses nothing from texts without a time, with an unknown zone or an impossible one', () => {
    for (const text of [
      'Credit balance is too low',
      'Prompt is too long',
      'resets soon',
      'resets 3pm (Mars/Olympus)',
      'resets 25:00 (UTC)',
      'resets 13pm',
      'try again in a while',
      'You will regain access on 2999-01-01 at 00:00 UTC.',
      'Too many requests, the rate limit is 8000000 tokens per minute.',
      'I retried it at 3 and it passes',
      '',
    ])
      assert.equal(reset(text, '2026-11-30T15:00:00Z'), null, text);
  });
});
