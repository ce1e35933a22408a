import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import { reviewText } from '../../../../src/vscode/editor/messageTemplates';
import { agent } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

describe('A comment on a file that an agent has deleted', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  before(() => (back = vscode.install()));
  after(() => back());

  it('is sent with the rest of the review, with the path and without lines', async () => {
    const { commented } = await import('../../../../src/vscode/editor/excerpts');
    const excerpt = await commented(
      vscode.api.Uri.file('/work/src/old.ts') as unknown as Uri,
      undefined,
      agent(2, 'api', 'busy'),
      '/work',
    );
    assert.equal(
      reviewText([{ excerpt, comments: ['Why a class?'] }], ''),
      'Review of your changes, 1 comment:\n\n1. src/old.ts (which is not there any more):\nWhy a class?',
    );
  });
});
