/**
 * Who an adopted agent is. Its process was started without an identity, but tmux has told it its pane, so what runs in there finds
 * the agent by that. A person beside it in the same pane would be taken for it; an agent that hides its pane, for the person.
 */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AdoptedIdentity {
  /** `SOCKET PATH,PID` of its tmux server: another server has panes of the same numbers. */
  readonly server: string;
  readonly pane: string;
  readonly window: number;
  readonly secret: string;
}

const PANE = /^%\d{1,9}$/;

function fileOf(projectDir: string, pane: string): string {
  return join(projectDir, 'adopted', `${pane.slice(1)}.json`);
}

/** Writes it where only the person's own processes can read it. */
export async function rememberAdopted(projectDir: string, identity: AdoptedIdentity): Promise<void> {
  const file = fileOf(projectDir, identity.pane);
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(identity), { mode: 0o600 });
}

/** The adopted agent in whose pane this runs; null in any other place. */
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
