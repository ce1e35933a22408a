import assert from 'node:assert/strict';
import { MAX_MESSAGE_BYTES } from '../../../../src/core/base/limits';
import { typedBytes } from '../../../../src/core/base/sanitizeText';
import {
  filesText,
  fixText,
  hunkText,
  reviewText,
  selectionText,
  type Excerpt,
} from '../../../../src/vscode/editor/messageTemplates';

const excerpt = (more: Partial<Excerpt> = {}): Excerpt => ({
  path: 'src/a.ts',
  lines: { first: 3, last: 4 },
  code: 'one\ntwo',
  language: 'typescript',
  onDisk: true,
  ...more,
});

describe('The text about a place in a file', () => {
  it('begins with the note, then path, lines and code', () => {
    assert.equal(selectionText(excerpt(), ' Explain '), 'Explain\n\nsrc/a.ts:3-4:\n```typescript\none\ntwo\n```');
    assert.equal(selectionText(excerpt(), ''), 'src/a.ts:3-4:\n```typescript\none\ntwo\n```');
  });

  it("mentions that the agent's copy differs, and then contains far more of the code", () => {
    const code = Array.from({ length: 90 }, (_, index) => `line ${index}`).join('\n');
    assert.match(selectionText(excerpt({ code }), ''), /line 39\n… 50 more lines\n```$/);
    assert.match(
      selectionText(excerpt({ code, lines: null, onDisk: false }), ''),
      /^src\/a\.ts \(not in your copy[^]*line 89\n```$/,
    );
  });

  it('has a fence that no code can end, and no language can begin one', () => {
    assert.match(
      selectionText(excerpt({ code: '```\nx\n```', language: 'a`b\nc' }), ''),
      /\n````abc\n```\nx\n```\n````$/,
    );
  });

  it('names one file or lists several', () => {
    assert.equal(filesText(['a.ts'], 'Read'), 'Read\n\nFile: a.ts');
    assert.equal(filesText(['a.ts', 'b.ts'], ''), 'Files:\n- a.ts\n- b.ts');
  });

  it('shows a hunk as a diff', () => {
    assert.equal(
      hunkText('a.ts', '@@ -1 +1 @@\n-a\n+b', 'Undo this'),
      'Undo this\n\nThis change in a.ts:\n```diff\n@@ -1 +1 @@\n-a\n+b\n```',
    );
  });

  it('names each problem with its source, and its line where that differs', () => {
    const problem = {
      severity: 'error',
      message: 'No such name.',
      source: 'ts(2304)',
      lines: { first: 3, last: 3 },
    } as const;
    assert.match(
      fixText(excerpt({ lines: { first: 3, last: 3 } }), [problem]),
      /^Please fix this error in src\/a\.ts:3:\nerror ts\(2304\): No such name\.\n```/,
    );
    assert.match(
      fixText(excerpt(), [problem, { ...problem, lines: { first: 4, last: 4 } }]),
      /^Please fix these 2 problems in src\/a\.ts:3-4:\nerror ts\(2304\) \(line 3\): No such name\.\nerror ts\(2304\) \(line 4\)/,
    );
  });

  it('is one numbered list for a whole review', () => {
    const text = reviewText(
      [
        { excerpt: excerpt(), comments: ['Why?', 'Shorter.'] },
        { excerpt: excerpt({ path: 'b.ts' }), comments: ['Test it.'] },
      ],
      'Good',
    );
    assert.match(
      text,
      /^Good\n\nReview of your changes, 3 comments:\n\n1\. src\/a\.ts:3-4:\n[^]*\nWhy\?\nShorter\.\n\n2\. b\.ts:3-4:\n[^]*\nTest it\.$/,
    );
  });

  it('leaves room for a long note, whatever the code is', () => {
    const note = 'n'.repeat(MAX_MESSAGE_BYTES / 2);
    const codes = [
      'x'.repeat(200_000),
      `${'é'.repeat(2000)}\n`.repeat(300),
      '\t'.repeat(90_000),
      '日\n'.repeat(90_000),
    ];
    for (const code of codes) {
      const whole = excerpt({ code, lines: null, onDisk: false });
      const problem = { severity: 'error', message: 'No such name.', source: 'ts', lines: null } as const;
      for (const text of [
        selectionText(whole, note),
        hunkText('a.ts', code, note),
        reviewText(
          Array.from({ length: 30 }, () => ({ excerpt: whole, comments: ['Why?'] })),
          note,
        ),
        fixText(
          { ...whole, code: 'x' },
          Array.from({ length: 5000 }, () => problem),
          note,
        ),
      ]) {
        assert.ok(typedBytes(text) <= MAX_MESSAGE_BYTES, `${typedBytes(text)} bytes`);
        assert.match(text, /…/);
      }
    }
  });
});
