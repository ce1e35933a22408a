import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isProven, pairOf, PROVEN } from '../../../../src/environment/prerequisites/probeResults';

interface Summary {
  readonly cli: string;
  readonly versions: readonly {
    readonly version: string;
    readonly tmux: string;
    readonly cases: number;
    readonly good: number;
    readonly answered: number;
    readonly falseReports: number;
  }[];
}

/** Minimum share of cases that must be as promised; harmful results are not allowed at all. */
const ENOUGH = 0.95;

describe('the test result of an agent CLI', () => {
  it('is proven exactly for the CLI and tmux versions of the conformance report', () => {
    const report = readFileSync('docs/conformance.md', 'utf8');
    const sections = [...report.matchAll(/<!-- of \S+: (.*) -->\n/g)];
    assert.ok(sections.length >= 5);
    const proven = sections.flatMap(([, summary = '']) => {
      const { cli, versions } = JSON.parse(summary) as Summary;
      return versions
        .filter(
          ({ cases, good, answered, falseReports }) => answered === 0 && falseReports === 0 && good >= cases * ENOUGH,
        )
        .map(({ version, tmux }) => pairOf(cli, version, tmux));
    });
    // A version may have run with and without its features.
    assert.deepEqual([...PROVEN].sort(), [...new Set(proven)].sort());
  });

  it('is found by the printed version of each CLI', () => {
    const printed = [
      ['claude', '2.1.331 (Claude Code)'],
      ['codex', 'codex-cli 0.169.0'],
      ['gemini', '0.61.0'],
    ] as const;
    for (const [cli, version] of printed) {
      assert.ok(isProven(pairOf(cli, version, '3.3a')), version);
      assert.ok(!isProven(pairOf(cli, version, '3.5')));
    }
    assert.ok(!isProven(pairOf('claude', '2.1.33', '3.3a')));
  });
});
