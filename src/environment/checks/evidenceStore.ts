import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathPart } from '../../core/programs/paths';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { evidenceSchema, type Evidence } from '../../core/proof/proof';

/** Runs of checks whose evidence is kept for each agent. */
const MAX_RUNS = 20;

/** The evidence of agents' work on disk: for each run a log and a JSON file, named after the time of its start. */
export class EvidenceStore {
  /** @param folder TACO's own folder for the project's evidence */
  constructor(private readonly folder: string) {}

  /** Returns the folder of an agent's runs. */
  folderOf(agent: string): string {
    return join(this.folder, pathPart(agent));
  }

  /** Returns the path of the log of a run. */
  logOf(agent: string, at: number): string {
    return join(this.folderOf(agent), `${at}.log`);
  }

  /** Keeps one run, and removes the oldest ones. */
  async keep(agent: string, evidence: Evidence): Promise<void> {
    await writeFileAtomic(this.fileOf(agent, evidence.at), JSON.stringify(evidence, null, 2));
    for (const at of (await this.runs(agent)).slice(MAX_RUNS))
      for (const file of [this.fileOf(agent, at), this.logOf(agent, at)]) await rm(file, { force: true });
  }

  /** Returns the kept evidence of an agent, newest first. */
  async of(agent: string): Promise<readonly Evidence[]> {
    const found = await Promise.all((await this.runs(agent)).map((at) => this.read(agent, at)));
    return found.flatMap((evidence) => evidence ?? []);
  }

  /** Returns the evidence of one run; null while it runs, and when it was never kept. */
  async read(agent: string, at: number): Promise<Evidence | null> {
    const text = await readFile(this.fileOf(agent, at), 'utf8').catch(() => 'null');
    return evidenceSchema.safeParse(safeJson(text)).data ?? null;
  }

  /** Returns the start of each run, newest first: kept ones, and one that has only a log yet. */
  async runs(agent: string): Promise<readonly number[]> {
    const names = await readdir(this.folderOf(agent)).catch(() => []);
    const times = names.flatMap((name) => Number(/^(\d+)\.(?:json|log)$/.exec(name)?.[1] ?? NaN));
    return [...new Set(times.filter(Number.isFinite))].sort((a, b) => b - a);
  }

  private fileOf(agent: string, at: number): string {
    return join(this.folderOf(agent), `${at}.json`);
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
