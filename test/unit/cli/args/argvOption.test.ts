import assert from 'node:assert/strict';
import { argvOption } from '../../../../src/cli/args/argvOption';
import { isTacoError } from '../../../../src/core/base/errors';

describe('an option that is a command', () => {
  it('is split at blanks that stand in no quotes, as no shell would read it', () => {
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

  it('may be a JSON array, for words with both kinds of quotes', () => {
    assert.deepEqual(argvOption('x', ' ["a", "b \' \\" c"]'), ['a', 'b \' " c']);
  });

  it('is refused when it is empty, or holds what is no word', () => {
    for (const text of ['', '  ', '[]', '[1]', '["a", null]', `["${'x", "'.repeat(80)}y"]`])
      assert.throws(
        () => argvOption('x', text),
        (error) => isTacoError(error, 'usage'),
        text,
      );
  });
});
