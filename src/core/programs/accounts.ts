/** The user's accounts of agent CLIs: what each adds to the environment of its agents. Pure. */
import * as z from 'zod';
import { ACCOUNT_NAME } from '../base/limits';
import { errors } from '../errors/errors';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;
/** Names of variables that hold secrets: a setting may only refer to them. */
const SECRET = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

const schema = z.record(
  z.string().regex(ACCOUNT_NAME, 'an account name has letters, digits, _, . and -'),
  z.record(z.string().regex(VARIABLE, 'not a name of a variable'), z.string().max(10_000)),
);

/**
 * Environment variables by account name. A value may name variables of the user's environment (`${env:WORK_KEY}`) and
 * may begin with `~/`; an empty one removes the variable.
 */
export type Accounts = z.infer<typeof schema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the accounts of a setting or a file. Throws TacoError usage; its text contains no value. */
export function parseAccounts(value: unknown): Accounts {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw errors.usage(
      `Invalid accounts: ${z.prettifyError(parsed.error)}`,
      'Give {"NAME": {"VARIABLE": "value or ${env:NAME}"}}.',
    );
  for (const [account, variables] of Object.entries(parsed.data))
    for (const [name, text] of Object.entries(variables))
      if (SECRET.test(name) && text.replace(REFERENCE, '').trim() !== '')
        throw errors.usage(
          `The account ${account} contains a secret: the value of ${name}.`,
          `Put it into a variable of your environment and refer to it: "${name}": "\${env:WORK_KEY}".`,
        );
  return parsed.data;
}

/** Returns the variables that an account changes; undefined removes one. Throws TacoError usage. */
export function accountVariables(accounts: Accounts, account: string, env: Environment): Environment {
  const own = Object.hasOwn(accounts, account) ? accounts[account] : undefined;
  if (own === undefined)
    throw errors.usage(
      `There is no account "${account}".`,
      `Add it to the setting taco.accounts. Known: ${Object.keys(accounts).join(', ') || 'none'}.`,
    );
  return Object.fromEntries(
    Object.entries(own).map(([name, text]) => {
      const value = text.replace(REFERENCE, (_, from: string) => {
        const found = env[from];
        if (found) return found;
        throw errors.usage(
          `The account ${account} needs the variable ${from}, which is not set.`,
          'Set it in the environment from which VS Code or taco up starts.',
        );
      });
      return [name, value === '' ? undefined : value.replace(/^~(?=\/|$)/, env['HOME'] ?? '~')];
    }),
  );
}

/**
 * Returns the variables of the user's environment to which accounts refer: only agents of these accounts get them.
 * @param accounts value of the setting; none when it is not valid
 */
export function sourceVariables(accounts: unknown): readonly string[] {
  const texts = Object.values(schema.safeParse(accounts).data ?? {}).flatMap((variables) => Object.values(variables));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(REFERENCE)].map(([, name = '']) => name)))];
}
