import assert from 'node:assert/strict';
import { withSection, type VersionSummary } from '../../conformance/document';

function run(version: string, date: string, deviations: readonly string[] = []): VersionSummary {
  const good = 10 - deviations.length;
  return { version, date, tmux: '3.3a', cases: 10, good, exact: good, answered: 0, falseReports: 0, deviations };
}

const sectionOf = (versions: readonly VersionSummary[], markdown: string): Parameters<typeof withSection>[1] => ({
  summary: { cli: 'claude', title: 'Claude Code', versions },
  markdown,
});

describe('the conformance page', () => {
  const first = withSection('', sectionOf([run('1.0.9', '2026-11-01')], '## Claude Code\n\nfirst tables'), true);

  it('keeps the results of other versions', () => {
    const page = withSection(first, sectionOf([run('1.0.10', '2026-11-02', ['9 KB: ✖ lost'])], 'other tables'), false);
    assert.match(
      page,
      /\| Claude Code \| 1\.0\.9 \| 10 \| 10 \(100 %\).*2026-11-01 \|\n\| Claude Code \| 1\.0\.10 \| 10 \| 9 \(90 %\)/,
    );
    assert.match(page, /- Claude Code 1\.0\.10, 9 KB: ✖ lost/);
    assert.match(page, /first tables/);
    assert.doesNotMatch(page, /other tables/);
  });

  it('replaces the result of the same version', () => {
    const page = withSection(first, sectionOf([run('1.0.9', '2026-11-30')], 'new tables'), true);
    assert.doesNotMatch(page, /2026-11-01|first tables/);
    assert.match(page, /2026-11-30/);
    assert.match(page, /## Deviations of all versions\n\nNone\./);
  });
});
