import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  changePlanText,
  completePlanText,
  editPlanText,
  planText,
  readPlanText,
  samePlanText,
} from '../../../../src/vscode/plan/planText';
import { agent, TEAM } from '../../../support/planBuilders';

const read = (text: string) => readPlanText(text, 50);
const ranged = (text: string): readonly string[] =>
  read(text).ranges.map(({ offset, length }) => text.slice(offset, offset + length));

describe('The plan as a document', () => {
  it('reads back the text that it wrote', () => {
    assert.deepEqual(read(planText(TEAM)).plan, TEAM);
    assert.deepEqual(read(planText(TEAM)).problems, []);
  });

  it('marks each problem at its place: at the member, or at the agent', () => {
    const text = planText({
      agents: [agent(3, 'a'), { ...agent(3, 'b'), depends_on: ['zz'] }, { window: 4, name: 'c', role: 5 }, 7],
    });
    assert.ok(ranged(text).includes('3') && ranged(text).includes('5') && ranged(text).includes('7'));
    assert.ok(ranged(text).some((part) => part.includes('"zz"')));
  });

  it('reports text that is not JSON, and offers a repair where possible', () => {
    const broken = planText(TEAM).replace('"role"', '"role');
    const {
      problems: [problem],
      isJson,
      agents,
    } = read(broken);
    assert.deepEqual([isJson, agents, problem?.code], [false, null, 'not-json']);
    assert.match(problem!.message, /in line \d+/);
    const trailing = planText(TEAM).replace(/\]\n\}\n$/, '],\n}\n');
    const repair = read(trailing).problems[0]?.repairs[0];
    assert.ok(repair);
    assert.deepEqual(read(changePlanText(trailing, repair.changes)).plan, TEAM);
  });

  it('never throws, whatever the text, and has a range for each problem', () => {
    const texts = [
      '',
      ' ',
      '{',
      '[]',
      'null',
      '"x"',
      '{"agents":',
      '[[[[',
      '['.repeat(100_000),
      '{"agents":[{"window":'.repeat(500),
      '\u0000',
      '{"agents":{"length":3}}',
    ];
    const check = (text: string): void => {
      const { problems, ranges, plan } = read(text);
      assert.equal(plan === null, problems.length > 0);
      assert.equal(ranges.length, problems.length);
    };
    texts.forEach(check);
    fc.assert(fc.property(fc.json(), check));
    fc.assert(fc.property(fc.string(), check));
  });

  it('keeps the layout of the parts that an edit does not touch', () => {
    const own =
      '{ "agents": [\n\n  { "window": 2, "name": "a",   "role": "x" },\n  {"window":3,"name":"b","role":"y","wait_for":["a"]} ] }';
    assert.equal(
      editPlanText(own, { kind: 'set', agent: 0, field: 'role', was: 'x', value: 'z' }),
      own.replace('"x"', '"z"'),
    );
    assert.equal(read(editPlanText(own, { kind: 'add' })!).agents?.length, 3);
    const removed = editPlanText(own, { kind: 'remove', agent: 0, was: 'a' })!;
    assert.deepEqual(
      read(removed).agents?.map(({ name, wait_for }) => [name, wait_for]),
      [['b', []]],
    );
    assert.equal(editPlanText(own, { kind: 'set', agent: 0, field: 'role', was: 'seen before', value: 'z' }), null);
  });

  it('equals another one with a different layout, or without default values', () => {
    assert.ok(samePlanText(planText(TEAM), JSON.stringify(TEAM)));
    assert.ok(
      samePlanText(
        '{"agents":[{"window":2,"name":"a","role":"x"}]}',
        planText({ agents: [agent(2, 'a', { role: 'x' })] }),
      ),
    );
    assert.ok(
      !samePlanText(
        '{"agents":[{"window":2,"name":"a","role":"x"}]}',
        '{"agents":[{"window":2,"name":"a","role":"y"}]}',
      ),
    );
    assert.ok(!samePlanText('{', '{}'));
  });

  it('completes names of other agents that are not in the list yet, and agent CLIs; nothing elsewhere', () => {
    const text =
      '{"agents":[{"window":2,"name":"a","role":"x","wait_for":["b",""],"profile":""},{"window":3,"name":"b","role":"x"},{"window":4,"name":"c","role":"x"}]}';
    const complete = (mark: string, by: number) =>
      completePlanText(text, text.indexOf(mark) + by, ['claude', 'scripted']);
    assert.deepEqual(complete('"b",""', 5)?.values, ['c']);
    assert.deepEqual(complete('"profile":""', 11)?.values, ['claude', 'scripted']);
    assert.equal(complete('"role"', 9), null);
  });
});
