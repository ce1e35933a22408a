import assert from 'node:assert/strict';
import { argvOption } from '../../../../src/cli/args/argvOption';
import { isTacoError } from '../../../../src/core/errors/tacoError';

describe('argvOption', () => {
  it('splits at spaces outside quotes, unlike a shell', () => {
    assert.deepEqual(argvOption('x', 'npm  run "do it" \'a "b"\' $HOME *; ls'), [
      'npm',
      'run',
      'do it',
      'a "b"',
      '$HOME',
      '*;',
      'ls',
    ]);
    assert.deepEqual(argvOption('x', '[ -e file ]'), ['[', '-e', 'file', ']']);
  });

  it('accepts a JSON array, for words with both kinds of quotes', () => {
    assert.deepEqual(argvOption('x', ' ["a", "b \' \\" c"]'), ['a', 'b \' " c']);
  });

  it('refuses an empty value, or one with invalid words', () => {
    for (const text of ['', '  ', '[]', '[1]', '["a", null]', `["${'x", "'.repeat(80)}y"]`])
      assert.throws(
        () => argvOption('x', text),
        (error) => isTacoError(error, 'usage'),
        text,
      );
  });
});
