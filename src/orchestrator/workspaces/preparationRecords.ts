import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathPart } from '../../core/programs/paths';
import { endSurvivors } from '../../tmux/session/processTree';
import { processesWith } from '../../tmux/session/teamProcesses';

/** In the environment of git and of the set-up while a workspace is prepared: the token of the preparation. */
const PREPARATION_VARIABLE = 'TACO_PREPARATION';
const TOKEN = /^[0-9a-f]{32}$/;
/** Time that a left set-up has to end by itself, milliseconds. */
const GRACE_MS = 500;

/**
 * Records the preparations of workspaces that run, one file for each agent, so that the next leader finds what a killed
 * one left running. A preparation that has ended leaves no record: services that it started belong to the user.
 */
export class PreparationRecords {
  /** @param folder in the project's folder; each host has its own */
  constructor(private readonly folder: string) {}

  /** Runs a preparation. `work` gets the variables that mark its processes. */
  async during<T>(agent: string, work: (marks: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
    const token = randomBytes(16).toString('hex');
    const record = join(this.folder, pathPart(agent));
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(record, token, { mode: 0o600 });
    try {
      return await work({ [PREPARATION_VARIABLE]: token });
    } finally {
      await rm(record, { force: true });
    }
  }

  /**
   * Ends the processes of preparations whose leader died. Returns the agents concerned. Without /proc (macOS) no process
   * is found.
   */
  async endLeft(): Promise<readonly string[]> {
    const agents = await readdir(this.folder).catch(() => []);
    for (const agent of agents) {
      const token = await readFile(join(this.folder, agent), 'utf8').catch(() => '');
      if (TOKEN.test(token)) await endSurvivors(await processesWith(`${PREPARATION_VARIABLE}=${token}`), GRACE_MS);
      await rm(join(this.folder, agent), { force: true });
    }
    return agents;
  }
}
