import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Plan } from '../../../../src/core/models';
import { parsePlan } from '../../../../src/core/plan/parser';
import { formatPlan } from '../../../support/formatPlan';
import { agent, block, fixture, parseScreen, TEAM, wrapHard, wrapWords } from '../../../support/planBuilders';

const codes = (text: string) => parsePlan(text).problems.map(({ code }) => code);
/** Prose may gain or lose a space where a row breaks; nothing else may differ. */
const squeezed = (plan: Plan | null) =>
  plan?.agents.map((each) => ({ ...each, role: each.role.replace(/\s/g, ''), task: each.task?.replace(/\s/g, '') }));

describe('parsePlan', () => {
  describe('finds the plan', () => {
    it('reads a plain block', () => {
      assert.deepEqual(parsePlan(block(TEAM)), {
        plan: TEAM,
        problems: [],
        repaired: false,
        form: 'json',
        proposal: null,
        value: TEAM,
      });
    });

    it('takes the last block', () => {
      const old = block({ agents: [agent(9, 'old')] });
      assert.deepEqual(parsePlan(`${old}\nBetter:\n${block(TEAM)}\nDone.`).plan, TEAM);
    });

    for (const [from, to] of [
      ['agent_spec_json_start', 'agent_spec_json_end'],
      ['Agent_Spec_Json_Start', 'AGENT_SPEC_JSON_end'],
      ['AGENT_SPEC_START', 'AGENT_SPEC_END'],
    ] as const) {
      it(`accepts the markers ${from} and ${to}`, () => {
        assert.deepEqual(parsePlan(`${from}\n${JSON.stringify(TEAM)}\n${to}`).plan, TEAM);
      });
    }

    it('skips prose that only mentions the markers', () => {
      const ask = 'Print the plan between AGENT_SPEC_JSON_START and AGENT_SPEC_JSON_END.';
      assert.deepEqual(codes(ask), ['block-missing']);
      assert.deepEqual(parsePlan(`${ask}\n${block(TEAM)}\n${ask}`).plan, TEAM);
      assert.deepEqual(parsePlan(`${block(TEAM)}\nI printed it after AGENT_SPEC_JSON_START.`).plan, TEAM);
    });

    it('takes the plan, not the example in the prompt above it', () => {
      const prompt = `❯ Answer like this: AGENT_SPEC_JSON_START {"agents":[{"window":2,"name":"example","role":"…"}]} AGENT_SPEC_JSON_END`;
      assert.deepEqual(parsePlan(`${prompt}\n\n⏺ ${block(TEAM)}`).plan, TEAM);
    });

    it('finds markers that the terminal broke over two rows', () => {
      assert.deepEqual(
        parseScreen(`claude> AGENT_SPEC_JS\nON_START\n${JSON.stringify(TEAM)}\nAGENT_SPEC_JSON_\n  END`).plan,
        TEAM,
      );
    });

    it('reads roles that mention the markers', () => {
      const plan = {
        agents: [agent(2, 'dev', { role: 'Print AGENT_SPEC_JSON_START and AGENT_SPEC_JSON_END {"' }), agent(3, 'qa')],
      };
      assert.deepEqual(parsePlan(block(plan)).plan, plan);
      assert.deepEqual(parsePlan(formatPlan(plan)).plan, plan);
    });

    it('reads a bare plan without markers', () => {
      assert.deepEqual(parsePlan(JSON.stringify(TEAM, null, 2)).plan, TEAM);
    });

    it('accepts a bare list of agents and marks it as repaired', () => {
      const parsed = parsePlan(block(TEAM.agents));
      assert.deepEqual([parsed.plan, parsed.repaired], [TEAM, true]);
    });
  });

  describe('removes additions of terminals and models:', () => {
    const pretty = JSON.stringify(TEAM, null, 2);

    it('code fences, inside and around', () => {
      assert.deepEqual(parsePlan(block('```json\n' + pretty + '\n```')).plan, TEAM);
      assert.deepEqual(parsePlan('```\n' + block(pretty) + '\n```').plan, TEAM);
    });

    it('a sentence before the JSON', () => {
      assert.deepEqual(parsePlan(block(`Here is the plan:\n${pretty}\nI hope it helps.`)).plan, TEAM);
    });

    it('repeated prompts and bullets at the beginning of rows', () => {
      const noisy = block(pretty)
        .split('\n')
        .map((line, index) => (index % 2 ? `claude> claude> ${line}` : `⏺ ${line}`))
        .join('\n');
      const parsed = parseScreen(noisy);
      assert.deepEqual([parsed.plan, parsed.repaired], [TEAM, false]);
    });

    it('a frame around the rows', () => {
      const framed = wrapHard(block(TEAM), 60)
        .split('\n')
        .map((row) => `│ ${row.padEnd(60)} │`)
        .join('\n');
      assert.deepEqual(squeezed(parseScreen(framed).plan), squeezed(TEAM));
    });

    it('colours, carriage returns and tabs', () => {
      assert.deepEqual(
        parseScreen(`\u001b[32m${block(JSON.stringify(TEAM, null, '\t'))}\u001b[0m`.replace(/\n/g, '\r\n')).plan,
        TEAM,
      );
    });

    for (const columns of [40, 60, 80, 120, 200]) {
      it(`rows wrapped by the terminal at ${columns} columns, exactly`, () => {
        assert.deepEqual(parseScreen(`$ claude\n${wrapHard(block(TEAM), columns)}\n$`).plan, TEAM);
        assert.deepEqual(parseScreen(wrapHard(block(pretty), columns)).plan, TEAM);
      });
    }

    it('rows that the CLI wrapped at spaces, exactly', () => {
      const screen = `${'─'.repeat(80)}\n${wrapWords(formatPlan(TEAM), 78)}\n${'─'.repeat(80)}`;
      assert.deepEqual(parseScreen(screen).plan, TEAM);
    });

    it('a row break inside an escape sequence', () => {
      const json = JSON.stringify({ agents: [agent(2, 'dev', { role: 'say "hi"' })] });
      for (let at = json.indexOf('say'); at < json.indexOf('hi'); at++) {
        assert.equal(
          parseScreen(block(`${json.slice(0, at)}\n${json.slice(at)}`)).plan?.agents[0]?.role.replace(/\s/g, ''),
          'say"hi"',
        );
      }
      assert.equal(
        parseScreen(block('{"agents":[{"window":2,"name":"dev","role":"caf\\u00\ne9"}]}')).plan?.agents[0]?.role,
        'café',
      );
    });

    it('a row break inside a number', () => {
      assert.equal(
        parseScreen(block('{"agents":[{"window":1\n2,"name":"dev","role":"x"}]}')).plan?.agents[0]?.window,
        12,
      );
    });
  });

  describe('repairs slightly broken JSON and reports it:', () => {
    const cases: Record<string, string> = {
      'trailing commas': '{"agents":[{"window":2,"name":"dev","role":"Build it",},],}',
      'single quotes': "{'agents':[{'window':2,'name':'dev','role':'Build it'}]}",
      comments: '{ // the team\n"agents":[ /* one */ {"window":2,"name":"dev","role":"Build it"}]}',
      'missing brackets': '{"agents":[{"window":2,"name":"dev","role":"Build it"',
      'missing commas': '{"agents":[{"window":2 "name":"dev" "role":"Build it"}]}',
      'names without quotes': '{agents:[{window:2,name:"dev",role:"Build it"}]}',
      'curly quotes': '{“agents”:[{“window”:2,“name”:“dev”,“role”:“Build it”}]}',
    };
    for (const [what, json] of Object.entries(cases)) {
      it(what, () => {
        const parsed = parsePlan(block(json));
        assert.deepEqual(parsed.problems, []);
        assert.deepEqual([parsed.plan, parsed.repaired], [{ agents: [agent(2, 'dev', { role: 'Build it' })] }, true]);
      });
    }

    it('quotes and backslashes that a CLI rendered as Markdown, over wrapped rows', () => {
      const role = 'Say "hi", or (say "ho"): in C:\\work "a, b" and\n"c"';
      const json = JSON.stringify({ agents: [agent(2, 'dev', { role }), agent(3, 'qa')] }).replace(/\\(["\\])/g, '$1');
      for (let columns = 40; columns < 120; columns++) {
        const parsed = parseScreen(`${'─'.repeat(columns)}\n${wrapWords(block(json), columns)}`);
        assert.deepEqual(
          [parsed.plan?.agents[0]?.role.replace(/\s/g, ''), parsed.repaired],
          [role.replace(/\s/g, ''), true],
          `${columns} columns`,
        );
      }
    });

    it('single quotes over wrapped rows, with an apostrophe inside double ones', () => {
      const json = `{'agents':[{'window':2,'name':'de\nv','role':"Don't touch\n the rest"},]}`;
      assert.deepEqual(parseScreen(block(json)).plan?.agents[0], agent(2, 'dev', { role: "Don't touch the rest" }));
    });
  });

  describe('reads the older text format', () => {
    it('with noise, none, colons in a role and several names', () => {
      const text =
        'claude> AGENT_SPEC_START\n⏺ AGENT:3:frontend_dev:Build React: forms\n  DEPENDS_ON:none\n  NOTIFIES:validator, tester\n' +
        '  WAIT_FOR:\nagent:4:validator:Check\nagent: 5 : tester : Test\nwait_for: validator\nAGENT_SPEC_END';
      assert.deepEqual(
        { ...parseScreen(text), value: undefined },
        {
          plan: {
            agents: [
              agent(3, 'frontend_dev', { role: 'Build React: forms', notifies: ['validator', 'tester'] }),
              agent(4, 'validator', { role: 'Check' }),
              agent(5, 'tester', { role: 'Test', wait_for: ['validator'] }),
            ],
          },
          problems: [],
          repaired: false,
          form: 'text',
          proposal: null,
          value: undefined,
        },
      );
    });

    it('wrapped by the terminal', () => {
      const text =
        'AGENT_SPEC_START\nAGENT:3:dev:Build the React components of the login page and of the settings\nNOTIFIES:none\nAGENT_SPEC_END';
      assert.equal(
        parseScreen(wrapHard(text, 40)).plan?.agents[0]?.role,
        'Build the React components of the login page and of the settings',
      );
    });

    it('with an invalid window number', () => {
      assert.deepEqual(codes('AGENT_SPEC_START\nAGENT:x:dev:Build\nAGENT_SPEC_END'), ['window-invalid']);
    });
  });

  describe('reports a problem for', () => {
    it('a text without a block', () => {
      assert.deepEqual(codes(''), ['block-missing']);
      assert.deepEqual(codes('I will think about it.'), ['block-missing']);
    });

    it('a block that was cut off, also if it is followed by a new one', () => {
      const cut = block(TEAM).slice(0, 200);
      const parsed = parsePlan(cut);
      assert.deepEqual([parsed.problems[0]?.code, parsed.plan, parsed.proposal], ['block-cut-off', null, null]);
      assert.deepEqual(codes(`${cut}\nPrint it between AGENT_SPEC_JSON_START and AGENT_SPEC_JSON_END`), [
        'block-cut-off',
      ]);
      assert.deepEqual(parsePlan(`${cut}\n${block(TEAM)}`).plan, TEAM);
      assert.deepEqual(codes(`${block(TEAM)}\n${cut}`), ['block-cut-off']);
    });

    it('a block without its end marker, and proposes the complete plan', () => {
      const parsed = parsePlan(block(TEAM).replace('AGENT_SPEC_JSON_END', ''));
      assert.deepEqual([parsed.problems[0]?.code, parsed.plan, parsed.proposal], ['block-cut-off', null, TEAM]);
    });

    it('a block whose beginning has scrolled away', () => {
      assert.deepEqual(codes(block(TEAM).slice(100)), ['block-headless']);
    });

    it('a block that is not JSON', () => {
      for (const content of ['I could not decide.', '{"agents": what?!', '{]', '{"a":'.repeat(40), ''])
        assert.deepEqual(codes(block(content)), ['not-json'], content);
    });

    it('JSON that is not a plan', () => {
      assert.deepEqual(codes(block({ team: [] })), ['agents-missing']);
      assert.deepEqual(codes(block({ agents: [] })), ['agents-empty']);
      assert.deepEqual(codes(block({ agents: { a: 1 } })), ['agents-missing']);
    });
  });

  it('reads every recorded text as expected', () => {
    const answers = JSON.parse(fixture('answers.json')) as Record<
      string,
      { names: string[] | null; problems: string[]; repaired: boolean; screen?: true }
    >;
    assert.deepEqual(
      readdirSync('test/fixtures/plans')
        .filter((file) => file.endsWith('.txt'))
        .sort(),
      Object.keys(answers).sort(),
    );
    for (const [file, answer] of Object.entries(answers)) {
      const parsed = answer.screen ? parseScreen(fixture(file)) : parsePlan(fixture(file));
      const found = {
        names: parsed.plan?.agents.map(({ name }) => name) ?? null,
        problems: parsed.problems.map(({ code }) => code),
        repaired: parsed.repaired,
      };
      const { names, problems, repaired } = answer;
      assert.deepEqual(found, { names, problems, repaired }, file);
    }
  });
});
