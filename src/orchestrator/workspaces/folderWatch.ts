/** Notices that a folder in which agents work was deleted or moved, or is there again. */
import { existsSync } from 'node:fs';
import type { AgentRecord } from '../../core/agents/agentRecord';

export interface FolderWatchOptions {
  readonly projectDir: string;
  /** Agents on this host. */
  readonly agents: () => readonly Pick<AgentRecord, 'name' | 'workspace' | 'status'>[];
  /** Publishes one line for the user. */
  readonly note: (text: string) => void;
}

export class FolderWatch {
  private missing: ReadonlySet<string> = new Set();

  constructor(private readonly options: FolderWatchOptions) {}

  /** Reports each folder once, when it goes and when it comes back. */
  check(): void {
    const users = new Map<string, string[]>();
    for (const { name, workspace, status } of this.options.agents())
      if (workspace !== '' && status !== 'exited' && status !== 'failed')
        users.set(workspace, [...(users.get(workspace) ?? []), name]);
    const missing = new Set([...users.keys()].filter((folder) => !existsSync(folder)));
    for (const folder of missing)
      if (!this.missing.has(folder)) this.options.note(this.lostText(folder, users.get(folder) ?? []));
    for (const folder of this.missing)
      if (!missing.has(folder) && users.has(folder))
        this.options.note(`${folder} is there again: relaunch the agents that work in it`);
    this.missing = missing;
  }

  private lostText(folder: string, names: readonly string[]): string {
    if (folder === this.options.projectDir)
      return `The project's folder ${folder} was deleted or moved: ${names.join(', ')} cannot work in it. Put it back to this path and relaunch them, or end the team: taco down --project ${folder}`;
    return `The folder ${folder} of ${names.join(', ')} was deleted: relaunch ${names.length === 1 ? 'it' : 'them'} to get a new one`;
  }
}
