import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isProven, pairOf, PROVEN } from '../../../../src/environment/prerequisites/probeResults';

interface Summary {
  readonly cli: string;
  readonly versions: readonly {
    readonly version: string;
    readonly cases: number;
    readonly good: number;
    readonly answered: number;
    readonly falseReports: number;
  }[];
}

/** At least so much of the suite has to be as promised, and nothing that could do harm. */
const ENOUGH = 0.95;

describe('what an agent CLI is said to be', () => {
  it('is proven for the versions and the tmux with which the conformance report says so, and for no others', () => {
    const report = readFileSync('docs/conformance.md', 'utf8');
    const sections = [...report.matchAll(/<!-- of \S+: (.*) -->\n([\s\S]*?)<!-- end of /g)];
    assert.ok(sections.length >= 5);
    const proven = sections.flatMap(([, summary = '', text = '']) => {
      const { cli, versions } = JSON.parse(summary) as Summary;
      const tmux = /^Run of .* tmux (\S+)\.$/m.exec(text)?.[1] ?? '';
      return versions
        .filter(
          ({ cases, good, answered, falseReports }) => answered === 0 && falseReports === 0 && good >= cases * ENOUGH,
        )
        .map(({ version }) => pairOf(cli, version, tmux));
    });
    assert.deepEqual([...PROVEN].sort(), proven.sort());
  });

  it('is found by what each CLI prints as its version', () => {
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
