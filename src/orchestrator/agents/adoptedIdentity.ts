/**
 * The identity of an adopted agent. Its process was started without an identity, but tmux gave it the id of its pane.
 * Programs in that pane find the agent by this id. A user who works in the same pane counts as the agent. An agent
 * that hides its pane counts as the user.
 */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AdoptedIdentity {
  /** `SOCKET PATH,PID` of its tmux server; pane numbers repeat on other servers. */
  readonly server: string;
  readonly pane: string;
  readonly window: number;
  readonly secret: string;
}

const PANE = /^%\d{1,9}$/;

function fileOf(projectDir: string, pane: string): string {
  return join(projectDir, 'adopted', `${pane.slice(1)}.json`);
}

/** Writes the identity to a file that only the user's own processes can read. */
export async function rememberAdopted(projectDir: string, identity: AdoptedIdentity): Promise<void> {
  const file = fileOf(projectDir, identity.pane);
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(identity), { mode: 0o600 });
}

/** Returns the adopted agent in whose pane this process runs, or null in any other place. */
export function adoptedHere(
  projectDir: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly window: number; readonly secret: string } | null {
  const { TMUX: tmux = '', TMUX_PANE: pane = '' } = env;
  if (!PANE.test(pane)) return null;
  try {
    const { server, window, secret } = JSON.parse(readFileSync(fileOf(projectDir, pane), 'utf8')) as AdoptedIdentity;
    return tmux.startsWith(`${server},`) && Number.isInteger(window) && typeof secret === 'string'
      ? { window, secret }
      : null;
  } catch {
    return null;
  }
}
