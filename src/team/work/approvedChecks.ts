import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { agentSpecSchema } from '../../core/models';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { pruneFolder } from './pruneFolder';

/** Commands that are kept; the oldest ones go first. */
const MAX_COMMANDS = 1000;

const checkSchema = agentSpecSchema.shape.check.unwrap();
const planSchema = z.object({ agents: z.array(z.unknown()) });
const specSchema = z.object({ check: checkSchema });

/**
 * The checks of the plans that were approved on this machine, one file each in the user's own folder. Redis holds the
 * plan of the team, so a process with access to Redis alone could write another command there: the leader runs only
 * what is kept here. A leader on another machine runs no check that was approved on this one.
 */
export class ApprovedChecks {
  /** @param folder TACO's own folder for the project's approved checks */
  constructor(private readonly folder: string) {}

  /** Keeps the checks of a plan that is being approved. */
  async keep(plan: unknown): Promise<void> {
    const agents = planSchema.safeParse(plan).data?.agents ?? [];
    const commands = agents.flatMap((agent) => specSchema.safeParse(agent).data ?? []);
    for (const { check } of commands) await writeFileAtomic(this.fileOf(check), JSON.stringify(check));
    if (commands.length > 0) await pruneFolder(this.folder, MAX_COMMANDS);
  }

  /** Returns whether a plan with this check was approved here. */
  async has(command: readonly string[]): Promise<boolean> {
    const text = await readFile(this.fileOf(command), 'utf8').catch(() => '');
    return text === JSON.stringify(command);
  }

  private fileOf(command: readonly string[]): string {
    return join(this.folder, `${createHash('sha256').update(JSON.stringify(command)).digest('hex')}.json`);
  }
}
