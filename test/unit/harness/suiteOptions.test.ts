import assert from 'node:assert/strict';
import { suiteOptions, SuiteEnd } from '../../harness/cli/suiteOptions';

const OPTIONS = {
  agents: { type: 'string', value: 'N', default: '5', help: 'agents of the team' },
  docs: { type: 'boolean', help: 'writes the documents' },
} as const;

function endOf(...args: readonly string[]): SuiteEnd {
  try {
    suiteOptions('soak', OPTIONS, args);
  } catch (error) {
    if (error instanceof SuiteEnd) return error;
    throw error;
  }
  throw new Error('It did not end.');
}

describe('the options of a suite', () => {
  it('have their values and standards', () => {
    assert.deepEqual({ ...suiteOptions('soak', OPTIONS, ['--docs']) }, { agents: '5', docs: true });
  });

  it('are listed by --help', () => {
    const { message, exitCode } = endOf('--help');
    assert.equal(exitCode, 0);
    assert.match(
      message,
      /^npm run soak -- \[OPTIONS\]\n\n {2}--agents N {2}agents of the team \(default: 5\)\n {2}--docs/,
    );
  });

  it('name an option that does not exist, and list those that do', () => {
    const { message, exitCode } = endOf('--agent', '3');
    assert.equal(exitCode, 2);
    assert.match(message, /'--agent'[^]*--agents N/);
  });
});
