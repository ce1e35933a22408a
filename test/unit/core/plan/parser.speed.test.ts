import assert from 'node:assert/strict';
import { parsePlan } from '../../../../src/core/plan/parser';
import { formatPlan } from '../../../support/formatPlan';
import { agent, parseScreen, wrapHard } from '../../../support/planBuilders';

const MB = 1024 * 1024;
const filled = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const S = 'AGENT_SPEC_JSON_START';
const E = 'AGENT_SPEC_JSON_END';

/** Texts that invite a parser to scan repeatedly, each as a function of its size. */
const HOSTILE: Record<string, (size: number) => string> = {
  'start markers': (size) => filled(`${S} `, size),
  'start markers, each with a bracket': (size) => filled(`${S} {`, size) + E,
  'end markers': (size) => S + filled(` ${E}`, size),
  'a bracket and end markers': (size) => `${S} {${filled(` ${E}`, size)}`,
  'pairs of markers': (size) => filled(`${S} ${E} `, size),
  'pairs with an empty object': (size) => filled(`${S}{}${E}\n`, size),
  'half markers': (size) => filled('AGENT_SPEC_JSON_STAR\n', size),
  'one letter a row': (size) => filled('A\n        ', size),
  'open brackets': (size) => `${S}\n${filled('[', size)}\n${E}`,
  'open objects': (size) => `${S}\n${filled('{"agents":', size)}\n${E}`,
  'objects in a list': (size) => `${S}\n{"agents":[${filled('{},', size)}]}\n${E}`,
  quotes: (size) => `${S}\n{${filled('"', size)}\n${E}`,
  'single quotes': (size) => `${S}\n{"agents":[${filled("'", size)}\n${E}`,
  backslashes: (size) => `${S}\n{"agents":["${filled('\\', size)}\n${E}`,
  'row breaks in a string': (size) => `${S}\n{"agents":["${filled('a\n', size)}"]}\n${E}`,
  blanks: (size) => `${S}\n{"agents":["${filled(' ', size)}x\n"]}\n${E}`,
  'blanks after the marker': (size) => `${S}${filled(' ', size)}x${E}`,
  frames: (size) => `${S}\n│ {"agents":[\n│${filled(' ', size)}x\n${E}`,
  comments: (size) => `${S}\n{${filled('/*', size)}\n${E}`,
  prompts: (size) => `${S} ${filled('claude> ', size)}\n${E}`,
  fences: (size) => `${S}\n${filled('```\n', size)}\n{\n${E}`,
  'text agents': (size) => `${S}\n${filled('AGENT:3:a:b\n', size)}\n${E}`,
  'text agents that all wait': (size) => `${S}\n${filled('AGENT:3:a:b\nWAIT_FOR:a,b,c\n', size)}\n${E}`,
  'escape sequences': (size) => filled('\u001b[', size),
  'unclosed window titles': (size) => filled('\u001b]0;', size) + E,
  'no row breaks': (size) => `${S}${filled('{"agents":[1,2,3]} ', size)}${E}`,
  'open brackets that begin lines': (size) => filled('{"name":\n', size),
  'fences that never close': (size) => filled('```json\n{"name": "\n', size),
  'values in fences': (size) => filled('```json\n[{"name": "a", "role": 3}]\n```\n', size),
  'tabs in a string': (size) => `${S}\n{"agents":["${filled('a\t', size)}"]}\n${E}`,
  'blocks that only show the form': (size) => filled(`${S}\n{"agents": [...]}\n${E}\n`, size),
  'escaped markers': (size) => filled('AGENT\\_SPEC\\_JSON\\_START {"agents\\_": [...]} ', size),
  'comments before nothing': (size) => filled('// {"agents": "name": \n', size),
  'a bare object': (size) => `{"agents":[${filled('"', size)}`,
};

/** Returns processor time, so that other load on the machine does not count. */
function millisecondsOf(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('parsePlan takes linear time', () => {
  const readers = { 'an exact text': parsePlan, 'a screen': parseScreen };
  for (const [source, read] of Object.entries(readers))
    for (const [what, make] of Object.entries(HOSTILE)) {
      it(`for ${source} of a megabyte of ${what}`, function () {
        this.timeout(60_000);
        const [quarter, whole] = [make(MB / 4), make(MB)];
        read(quarter);
        const few = millisecondsOf(() => read(quarter));
        const many = millisecondsOf(() => read(whole));
        // A text 4 times as long may take 4 times as long; quadratic time would be 16 times. The minimum allows for the
        // garbage collector.
        assert.ok(
          many < Math.max(600, 12 * few),
          `${few.toFixed(1)} ms for a quarter, ${many.toFixed(1)} ms for the whole`,
        );
        assert.ok(many < 4000, `${many.toFixed(0)} ms`);
      });
    }

  it('and a bounded time for repairs', () => {
    for (const piece of ['"', "'", '"b" "c"\n', 'a:"b,"']) {
      const spent = millisecondsOf(() => parsePlan(`${S}\n{"agents":[${filled(piece, 64 * 1024 - 40)}\n${E}`));
      assert.ok(spent < 6000, `${spent.toFixed(0)} ms on ${piece}`);
    }
  }).timeout(60_000);
});

describe('parsePlan is fast', () => {
  const team = (count: number) => ({
    agents: Array.from({ length: count }, (_, index) =>
      agent(index + 2, `agent_${index}`, {
        role: 'Build the part of the product that is yours, with tests',
        wait_for: index ? [`agent_${index - 1}`] : [],
      }),
    ),
  });
  const noise = filled('⏺ I looked at the Agent files; "x": [1, {"a": 2}] │ ok\n  ─────────\n', MB);

  it('parses 200 agents in a megabyte of noise in less than 50 ms', () => {
    const text = `${noise.slice(0, MB / 2)}\n${formatPlan(team(200))}\n${noise.slice(MB / 2)}`;
    assert.equal(parsePlan(text, { maxAgents: 200 }).plan?.agents.length, 200);
    const spent = median(Array.from({ length: 9 }, () => millisecondsOf(() => parsePlan(text, { maxAgents: 200 }))));
    assert.ok(spent < 50, `${spent.toFixed(1)} ms`);
  });

  it('parses 10 agents in less than 1 ms', () => {
    const text = formatPlan(team(10));
    const spent = median(Array.from({ length: 99 }, () => millisecondsOf(() => parsePlan(text))));
    assert.ok(spent < 1, `${spent.toFixed(2)} ms`);
  });

  it('parses 10 agents wrapped at 80 columns in less than 5 ms', () => {
    const text = wrapHard(JSON.stringify(team(10)).replace(/^/, `${S}\n`) + `\n${E}`, 80);
    assert.equal(parseScreen(text).plan?.agents.length, 10);
    const spent = median(Array.from({ length: 49 }, () => millisecondsOf(() => parseScreen(text))));
    assert.ok(spent < 5, `${spent.toFixed(2)} ms`);
  });
});
