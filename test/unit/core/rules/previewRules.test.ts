import assert from 'node:assert/strict';
import { offeredRule, previewRules, type PastRequest } from '../../../../src/core/rules/previewRules';
import { decideByRules, type Rule } from '../../../../src/core/rules/rules';

/** Requests of a day as a team of coding agents makes them: each with its share of all, in percent. */
const USUAL: readonly (readonly [number, string, (n: number) => object])[] = [
  [22, 'Bash', () => ({ command: 'npm test' })],
  [12, 'Bash', () => ({ command: 'npm run lint' })],
  [10, 'Bash', () => ({ command: 'npm run build && npm test' })],
  [14, 'Bash', () => ({ command: 'git status --short' })],
  [10, 'Bash', () => ({ command: 'git diff --stat' })],
  [8, 'Bash', () => ({ command: 'git add --all' })],
  [6, 'Edit', (n) => ({ file_path: `/work/app/src/part${n % 3}.ts`, old_string: 'a', new_string: `${n}` })],
  [4, 'Read', (n) => ({ file_path: `/work/app/docs/page${n % 3}.md` })],
  // Never the same twice, or for the user alone.
  [6, 'Bash', (n) => ({ command: `git commit -m "step ${n}"` })],
  [3, 'Bash', (n) => ({ command: `npm install left-pad@${n}` })],
  [3, 'Bash', (n) => ({ command: `curl https://example.test/${n}` })],
  [2, 'AskUserQuestion', (n) => ({ questions: [{ question: `Which of ${n}?` }] })],
];
const COUNT = 2000;

/** Returns the requests of a replay, oldest first; the same in each run. */
function requests(): readonly (Omit<PastRequest, 'verdict' | 'by'> & { readonly isHarmless: boolean })[] {
  const kinds = USUAL.flatMap((kind) => Array.from({ length: kind[0] }, () => kind));
  return Array.from({ length: COUNT }, (_, n) => {
    // 37 has no divisor in common with 100, so that each hundred has every share in full.
    const [, tool, inputOf] = kinds[(n * 37) % 100]!;
    const input = JSON.stringify(inputOf(n));
    return {
      at: n,
      agent: ['api', 'web'][n % 2]!,
      tool,
      input,
      workspace: '/work/app',
      isHarmless: !/install|curl|question/.test(input),
    };
  });
}

/** The user's part: allows what is harmless, and accepts each rule that is offered. */
function play(): { readonly rules: readonly Rule[]; readonly asked: number; readonly wrong: readonly string[] } {
  const rules: Rule[] = [];
  const past: PastRequest[] = [];
  const wrong: string[] = [];
  let asked = 0;
  for (const { isHarmless, ...request } of requests()) {
    const input: unknown = JSON.parse(request.input);
    const verdict = decideByRules(rules, { ...request, input }, request.at);
    if (verdict.kind === 'allow' && !isHarmless) wrong.push(request.input);
    if (verdict.kind !== 'ask') {
      past.unshift({ ...request, verdict: verdict.kind, by: verdict.rule });
      continue;
    }
    asked += 1;
    past.unshift({ ...request, verdict: isHarmless ? 'allow' : 'deny', by: 'user' });
    const offer = offeredRule(past.slice(0, 200), rules, request.at);
    if (offer) rules.push({ id: `r${rules.length + 1}`, ...offer });
  }
  return { rules, asked, wrong };
}

describe('rules by example', () => {
  it('answer at least 80 % of 2,000 requests of a user who accepts each offer, and none wrongly', () => {
    const { rules, asked, wrong } = play();
    assert.deepEqual(wrong, []);
    assert.ok(asked <= COUNT * 0.2, `the user was asked ${asked} times, with ${rules.length} rules`);
    const seen = previewRules(
      rules,
      requests().map((each) => ({ ...each, verdict: 'allow', by: 'user' })),
      0,
    );
    const answered = seen.filter(({ would }) => would.kind === 'allow').length;
    assert.ok(answered >= COUNT * 0.8, `the rules answer ${answered} of them`);
  });
});
