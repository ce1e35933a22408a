import assert from 'node:assert/strict';
import { accountVariables, parseAccounts, sourceVariables } from '../../../../src/core/programs/accounts';

const setting = {
  work: { ANTHROPIC_API_KEY: '${env:WORK_KEY}', CLAUDE_CONFIG_DIR: '~/.claude-work', ANTHROPIC_BASE_URL: '' },
};

describe('the accounts of the settings', () => {
  it('refer to secrets in the environment of the user, and remove variables with empty values', () => {
    const env = { HOME: '/home/me', WORK_KEY: 'sk-1', ANTHROPIC_BASE_URL: 'http://proxy' };
    assert.deepEqual(accountVariables(parseAccounts(setting), 'work', env), {
      ANTHROPIC_API_KEY: 'sk-1',
      CLAUDE_CONFIG_DIR: '/home/me/.claude-work',
      ANTHROPIC_BASE_URL: undefined,
    });
    assert.deepEqual(sourceVariables(setting), ['WORK_KEY']);
  });

  it('refuse a secret in the settings, without its value in the error', () => {
    assert.throws(
      () => parseAccounts({ work: { MY_TOKEN: 'sk-very-secret' } }),
      (error: Error) => /The account work contains a secret/.test(error.message) && !/sk-very/.test(String(error)),
    );
  });

  it('name what is missing', () => {
    const accounts = parseAccounts(setting);
    assert.throws(() => accountVariables(accounts, 'work', {}), /needs the variable WORK_KEY, which is not set/);
    assert.throws(() => accountVariables(accounts, 'home', {}), /There is no account "home"/);
    assert.throws(() => accountVariables(accounts, 'constructor', {}), /There is no account/);
    assert.throws(() => parseAccounts({ '../x': {} }), /Invalid accounts/);
    assert.deepEqual(sourceVariables(['nonsense']), []);
  });
});
