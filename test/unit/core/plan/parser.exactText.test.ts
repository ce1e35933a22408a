import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePlan } from '../../../../src/core/plan/parser';
import { agent, block, TEAM } from '../../../support/planBuilders';

/** A task as a model writes it when it uses raw line breaks in JSON strings. */
const TASK = [
  '   def f():',
  '       return 1',
  '',
  '- a list',
  '  - with a second level',
  '',
  '```sh',
  'npm ci   ',
  '\tnpm test',
  '```',
  '● done',
  'claude> ok',
  '│ framed │',
  '    at the end',
].join('\n');
const plan = { agents: [agent(2, 'api', { task: TASK }), agent(3, 'qa', { wait_for: ['api'] })] };
/** The plan as JSON, except for raw line breaks and tabs in its strings. */
const raw = (value: unknown): string => JSON.stringify(value).replace(/\\n/g, '\n').replace(/\\t/g, '\t');

describe('parsePlan of an exact text', () => {
  for (const [what, text] of Object.entries({
    'between markers': block(raw(plan)),
    'in a fence between markers': block('```json\n' + raw(plan) + '\n```'),
    'in a fence without markers': 'The plan:\n\n```json\n' + raw(plan) + '\n```\nDone.',
    'as nothing but JSON': raw(plan),
    'as a bare list': raw(plan.agents),
    'below a sentence': `The plan:\n${raw(plan)}\nI hope that it helps.`,
    'with CRLF': block(raw(plan)).replace(/\n/g, '\r\n'),
    'with a trailing comma as well': block(raw(plan).replace(/\]\}$/, '],}')),
  }))
    it(`keeps line breaks, indents, tabs, fences and bullets inside strings exactly: ${what}`, () => {
      const parsed = parsePlan(text);
      assert.deepEqual([parsed.plan, parsed.problems, parsed.repaired], [plan, [], true]);
    });

  it('keeps line breaks in any text that a string may hold', () => {
    const word = fc.constantFrom(
      'a',
      ' ',
      '  ',
      '\n',
      '\n\n',
      '● ',
      '- ',
      '```',
      '│',
      '{',
      '}',
      ',',
      ':',
      '//',
      'é',
      '日',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 40 }).map((words) => `x${words.join('')}x`),
        (task) => {
          const parsed = parsePlan(block(raw({ agents: [agent(2, 'api', { task })] })));
          assert.deepEqual([parsed.plan?.agents[0]?.task, parsed.problems], [task, []]);
          assert.equal(parsed.repaired, task.includes('\n'));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('treats a backslash at the end of a line as the beginning of the line break', () => {
    const parsed = parsePlan(block('{"agents":[{"window":2,"name":"api","role":"one\\\ntwo"}]}'));
    assert.deepEqual([parsed.plan?.agents[0]?.role, parsed.repaired], ['one\ntwo', true]);
  });

  it('keeps the lines of a value in the older text format', () => {
    const text =
      'AGENT_SPEC_START\n```\nAGENT:2:api:Build it\nTASK: Steps:\n  1. one\n\n  2. two\nNOTIFIES: none\n```\nAGENT_SPEC_END';
    assert.deepEqual(parsePlan(text).plan?.agents, [
      agent(2, 'api', { role: 'Build it', task: 'Steps:\n  1. one\n\n  2. two' }),
    ]);
  });

  describe('takes the last block that is a plan', () => {
    for (const example of [
      'AGENT_SPEC_JSON_START {"agents": [...]} AGENT_SPEC_JSON_END',
      'AGENT_SPEC_JSON_START\n{"agents": [\n  {"window": 2, "name": "api", ...},\n  …\n]}\nAGENT_SPEC_JSON_END',
      'AGENT_SPEC_JSON_START\n{"agents":[{"window":2,"name":"<name>","role":"<role>"}]}\nAGENT_SPEC_JSON_END',
      'AGENT_SPEC_JSON_START\n{"agents":[{"window":2,"name":"...","role":"..."}]}\nAGENT_SPEC_JSON_END',
      'AGENT_SPEC_JSON_START\n{"agents":[]}\nAGENT_SPEC_JSON_END',
      'AGENT_SPEC_JSON_START\nyour plan\nAGENT_SPEC_JSON_END',
    ])
      it(`after skipping an example before or after it: ${example.replace(/\n\s*/g, ' ')}`, () => {
        for (const text of [
          `${block(TEAM)}\n\nEdit it, for example ${example}.`,
          `Like this: ${example}\n\n${block(TEAM)}`,
          `\`\`\`json\n${JSON.stringify(TEAM)}\n\`\`\`\nEdit it, for example ${example}.`,
        ])
          assert.deepEqual([parsePlan(text).plan, parsePlan(text).problems], [TEAM, []], text);
      });

    it('even if that block has problems or is unreadable', () => {
      const codes = (text: string) => parsePlan(`${block(TEAM)}\nBetter:\n${text}`).problems.map(({ code }) => code);
      assert.deepEqual(codes(block({ agents: [agent(2, 'a'), agent(2, 'b')] })), ['window-doubled']);
      assert.deepEqual(codes(block('{"agents": what?! "name": "api"')), ['not-json']);
      assert.deepEqual(codes('AGENT_SPEC_JSON_START\n{"agents":[{"win'), ['block-cut-off']);
    });
  });

  describe('reads other forms than the markers and marks the plan as repaired', () => {
    const json = JSON.stringify(TEAM);
    for (const [what, text] of Object.entries({
      'a fence': '```json\n' + json + '\n```',
      'a localizable, then a fence': 'Here is the plan:\n\n```\n' + json + '\n```\n\nShall I go on?',
      'an indented fence of several lines':
        '1. The plan:\n\n   ```json\n   ' + JSON.stringify(TEAM, null, 2).replace(/\n/g, '\n   ') + '\n   ```',
      'a fence in which a bracket is missing': 'The plan:\n```json\n' + json.slice(0, -1) + '\n```',
      'two fences':
        '```json\n{"agents":[{"name":"old","role":"x","window":2}]}\n```\nBetter:\n```json\n' + json + '\n```',
      'a fence after other JSON': 'The package:\n```json\n{"name":"x"}\n```\nThe plan:\n```json\n' + json + '\n```',
      'a comment first': `// my plan\n${json}`,
      'a block comment and a heading first': `/* {draft} */\n# Plan\n${json}`,
      'a comment with brackets between the markers': block(`// the {first} plan\n${json}`),
      'a bare list': JSON.stringify(TEAM.agents, null, 2),
      'a fence with a bare list': '```json\n' + JSON.stringify(TEAM.agents) + '\n```',
      'escaped markers': block(json).replace(/AGENT_SPEC_JSON_/g, 'AGENT\\_SPEC\\_JSON\\_'),
      'escaped markers and members': block(json).replace(/_/g, '\\_'),
    }))
      it(what, () => {
        const parsed = parsePlan(text);
        assert.deepEqual([parsed.plan, parsed.problems], [TEAM, []]);
        assert.equal(parsed.repaired, what !== 'a comment with brackets between the markers');
      });
  });

  it('accepts no other JSON as a plan', () => {
    for (const text of [
      'The agents are:\n```json\n{"agents":[{"id":1},{"id":2}]}\n```',
      '```json\n[{"name":"left-pad","version":"1.0.0"}]\n```',
      '```json\n{"agents": [...]}\n```',
      'I changed\n{"agents": 3}\nin the file.',
    ])
      assert.deepEqual([parsePlan(text).form, parsePlan(text).problems[0]?.code], [null, 'block-missing'], text);
  });
});
