import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { appendPlainText } from '../../src/vscode/shared/markdown';

describe('What agents write, in a hover', () => {
  const written = (text: string): string => appendPlainText(new vscode.MarkdownString(undefined, true), text).value;

  it('can be broken between its words', () => {
    assert.equal(written('rm and build'), 'rm and build');
  });

  it('is nothing but text', () => {
    assert.equal(written('<a b=\\> & [x](command:y)'), '&lt;a b=\\\\\\> &amp; \\[x\\]\\(command:y\\)');
    assert.match(written('$(bell)'), /^\\\\\$\\\(bell\\\)$/);
  });
});
