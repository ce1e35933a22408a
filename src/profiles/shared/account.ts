import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables by which a CLI finds its account. */
export interface AccountVariables {
  /** Keys and tokens; the first that is set counts. */
  readonly keys: readonly string[];
  /** Address of another provider. */
  readonly address?: string;
  /** Variable of the folder with the login, and its default below HOME. */
  readonly folder: readonly [variable: string, below: string];
}

/**
 * Returns the account of a CLI in an environment, without secrets: `claude ~/.claude`, `claude key 3f2a91bc at
 * proxy.example`. Two agents with the same account share its limits.
 */
export function accountIn(name: string, { keys, address, folder }: AccountVariables, env: Environment): string {
  const key = keys.map((each) => env[each]).find((each) => each !== undefined && each !== '');
  const host = address === undefined ? '' : hostOf(env[address]);
  const place = host === '' ? '' : ` at ${host}`;
  if (key !== undefined)
    return `${name} key ${createHash('sha256').update(`taco ${key}`).digest('hex').slice(0, 8)}${place}`;
  const home = env['HOME'] ?? homedir();
  const path = env[folder[0]] ?? join(home, folder[1]);
  return `${name} ${path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path}${place}`.slice(0, 300);
}

function hostOf(address: string | undefined): string {
  try {
    return address === undefined || address === '' ? '' : new URL(address).host;
  } catch {
    return '';
  }
}
