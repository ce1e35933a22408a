import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { pruneFolder } from './pruneFolder';

/** Plans that are kept; the oldest ones go first. */
const MAX_PLANS = 200;
/** File of the start whose first plan needs no review. */
const START = 'start.json';

/**
 * Approvals of the user on this machine, in files that only the user can write. Every process with access to Redis can
 * post an approval: the leader carries out only what is kept here.
 */
export class Approvals {
  /** @param folder TACO's own folder for the project's approvals */
  constructor(private readonly folder: string) {}

  /** Keeps a plan that is being approved. */
  async keepPlan(plan: unknown): Promise<void> {
    await writeFileAtomic(this.fileOf(plan), canonicalJson(plan));
    await pruneFolder(this.folder, MAX_PLANS);
  }

  /** Returns whether exactly this plan was approved here. */
  async hasPlan(plan: unknown): Promise<boolean> {
    return (await readFile(this.fileOf(plan), 'utf8').catch(() => null)) === canonicalJson(plan);
  }

  /** Keeps that the first plan of a start needs no review. @param ticket of the start; empty: its plan needs one */
  async keepStart(ticket: string): Promise<void> {
    if (ticket === '') await rm(join(this.folder, START), { force: true });
    else await writeFileAtomic(join(this.folder, START), JSON.stringify(ticket));
  }

  /** Returns whether the first plan of this start needs no review. */
  async hasStart(ticket: string): Promise<boolean> {
    return (await readFile(join(this.folder, START), 'utf8').catch(() => null)) === JSON.stringify(ticket);
  }

  private fileOf(plan: unknown): string {
    return join(this.folder, `${createHash('sha256').update(canonicalJson(plan)).digest('hex')}.json`);
  }
}

/** Returns JSON that does not depend on the order of fields, which a schema changes. */
function canonicalJson(value: unknown): string {
  const sorted = (_key: string, part: unknown): unknown =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return JSON.stringify(value, sorted) ?? '';
}
