import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { appendPlainText } from '../../src/vscode/shared/markdown';

describe('A text of an agent in a hover', () => {
  const written = (text: string): string => appendPlainText(new vscode.MarkdownString(undefined, true), text).value;

  it('can break between its words', () => {
    assert.equal(written('rm and build'), 'rm and build');
  });

  it('is only text', () => {
    assert.equal(written('<a b=\\> & [x](command:y)'), '&lt;a b=\\\\\\> &amp; \\[x\\]\\(command:y\\)');
    assert.match(written('$(bell)'), /^\\\\\$\\\(bell\\\)$/);
  });
});
