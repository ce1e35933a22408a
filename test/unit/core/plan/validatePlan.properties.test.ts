import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RESERVED_NAMES } from '../../../../src/core/base/agentName';
import { AGENT_NAME } from '../../../../src/core/base/limits';
import type { Plan } from '../../../../src/core/models';
import { parsePlan } from '../../../../src/core/plan/parser';
import { validatePlan } from '../../../../src/core/plan/validatePlan';
import { formatPlan } from '../../../support/formatPlan';
import { parseScreen, wrapHard, wrapWords } from '../../../support/planBuilders';

const name = fc.stringMatching(AGENT_NAME).filter((each) => !RESERVED_NAMES.includes(each.toLowerCase()));
const word = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9.,;:'"\\/(){}[\]<>@#$%&*+=!?-]{1,14}$/),
  fc.constantFrom(
    'naïve',
    '日本語',
    'größer',
    '→',
    'AGENT:3:x:y',
    '"quoted"',
    'C:\\temp',
    '\\u00e9',
    '```',
    '//',
    'AGENT_SPEC_JSON_END',
  ),
);
/** Single-line prose with single spaces: wrapping cannot distinguish two spaces from one. */
const prose = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));

/** Valid plans: relations point only to earlier agents, so that there are no cycles. */
const plans: fc.Arbitrary<Plan> = fc
  .uniqueArray(name, { minLength: 1, maxLength: 8, selector: (each) => each.toLowerCase() })
  .chain((names) =>
    fc
      .record({
        windows: fc.uniqueArray(fc.integer({ min: 2, max: 9999 }), {
          minLength: names.length,
          maxLength: names.length,
        }),
        roles: fc.array(prose, { minLength: names.length, maxLength: names.length }),
        tasks: fc.array(fc.option(prose, { nil: undefined }), { minLength: names.length, maxLength: names.length }),
        lists: fc.array(fc.tuple(...[0, 1, 2].map(() => fc.array(fc.nat(20), { maxLength: 3 }))), {
          minLength: names.length,
          maxLength: names.length,
        }),
      })
      .map(({ windows, roles, tasks, lists }) => ({
        agents: names.map((each, index) => {
          const earlier = (list: number) => [
            ...new Set((lists[index]?.[list] ?? []).filter((at) => at < index).map((at) => names[at]!)),
          ];
          const task = tasks[index];
          return {
            window: windows[index]!,
            name: each,
            role: roles[index]!,
            ...(task === undefined ? {} : { task }),
            depends_on: earlier(0),
            notifies: earlier(1),
            wait_for: earlier(2),
          };
        }),
      })),
  );

const printed = (plan: Plan) =>
  fc.constantFrom(
    formatPlan(plan),
    `agent_spec_json_start\n\`\`\`json\n${escaped(JSON.stringify(plan, null, 2))}\n\`\`\`\nagent_spec_json_end`,
    `AGENT_SPEC_JSON_START\n${escaped(JSON.stringify(plan))}\nAGENT_SPEC_JSON_END`,
  );
/** A printed plan in which no string looks like a marker. */
const escaped = (json: string) => json.replace(/AGENT_SPEC/g, 'AGENT\\u005fSPEC');
const squeezed = (plan: Plan | null) =>
  plan?.agents.map((each) => ({ ...each, role: each.role.replace(/\s/g, ''), task: each.task?.replace(/\s/g, '') }));

const NOISE = [
  'claude> claude> hello',
  '❯ print AGENT_SPEC_JSON_START and then AGENT_SPEC_JSON_END',
  '{"agents": 3}',
  '──────',
  '? for shortcuts',
  '',
];
const around = fc.tuple(
  fc.array(fc.constantFrom(...NOISE), { maxLength: 4 }),
  fc.array(fc.constantFrom(...NOISE), { maxLength: 4 }),
);
const runs = { numRuns: 300 };

describe('any valid plan', function () {
  this.timeout(60_000);

  it('is valid', () =>
    fc.assert(
      fc.property(plans, (plan) => assert.deepEqual(validatePlan(plan), { plan, problems: [], proposal: null })),
      runs,
    ));

  it('survives printing and parsing unchanged', () => {
    fc.assert(
      fc.property(
        plans.chain((plan) => fc.tuple(fc.constant(plan), printed(plan), around)),
        ([plan, text, [before, after]]) => {
          const parsed = parsePlan([...before, text, ...after].join('\n'));
          assert.deepEqual([parsed.plan, parsed.problems, parsed.repaired], [plan, [], false]);
        },
      ),
      runs,
    );
  });

  it('survives a terminal of 40 to 200 columns', () => {
    fc.assert(
      fc.property(
        plans.chain((plan) => fc.tuple(fc.constant(plan), printed(plan), fc.integer({ min: 40, max: 200 }), around)),
        ([plan, text, columns, [before, after]]) => {
          const parsed = parseScreen(wrapHard([...before, text, ...after].join('\n'), columns));
          assert.deepEqual([squeezed(parsed.plan), parsed.problems, parsed.repaired], [squeezed(plan), [], false]);
        },
      ),
      runs,
    );
  });

  it('survives a CLI that draws its own rows of 40 to 200 columns with bullets and indent', () => {
    fc.assert(
      fc.property(
        plans.chain((plan) => fc.tuple(fc.constant(plan), printed(plan), fc.integer({ min: 40, max: 200 }), around)),
        ([plan, text, columns, [before, after]]) => {
          const parsed = parseScreen([...before, wrapWords(text, columns), ...after].join('\n'));
          assert.deepEqual([squeezed(parsed.plan), parsed.problems, parsed.repaired], [squeezed(plan), [], false]);
        },
      ),
      runs,
    );
  });
});

describe('no text', function () {
  this.timeout(60_000);

  const pieces = fc.constantFrom(
    'AGENT_SPEC_JSON_START',
    'AGENT_SPEC_JSON_END',
    'agent_spec_start',
    'AGENT_SPEC_END',
    '\n',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '\\',
    ',',
    ':',
    '"agents"',
    '"window":',
    '3',
    '"name":"a"',
    'AGENT:3:a:b',
    'DEPENDS_ON:a',
    'none',
    '```',
    '//',
    '/*',
    '⏺ ',
    '│',
    'claude> ',
    '\u001b[31m',
    '\ud800',
    ' ',
    '\r',
    '__proto__',
    'null',
  );
  const sound = (text: string) => {
    for (const parsed of [parsePlan(text), parseScreen(text)]) {
      assert.equal(parsed.plan === null, parsed.problems.length > 0);
      for (const { code, message } of parsed.problems)
        assert.ok(code && message.length > 20 && !/[\u0000-\u0008\u000b-\u001f]/.test(message));
    }
  };

  it('makes the parser throw: random characters', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), sound), runs));
  it('makes the parser throw: pieces of plans in any order', () =>
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
        sound,
      ),
      { numRuns: 2000 },
    ));
  it('makes the parser throw: any JSON between the markers', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        sound(`AGENT_SPEC_JSON_START\n${JSON.stringify({ agents: value })}\nAGENT_SPEC_JSON_END`),
      ),
      runs,
    ));
  it('makes the parser throw: a valid plan with a part cut out', () =>
    fc.assert(
      fc.property(plans, fc.nat(3000), fc.nat(40), (plan, from, length) => {
        const text = formatPlan(plan);
        sound(text.slice(0, from % text.length) + text.slice((from % text.length) + length));
      }),
      runs,
    ));
});
