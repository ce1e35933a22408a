import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { evidenceSchema, type Evidence } from '../../core/proof/proof';

/** Runs of checks whose evidence is kept for each agent. */
const MAX_RUNS = 20;

/** The evidence of agents' work on disk: for each run a log and a JSON file, named after the time of its start. */
export class EvidenceStore {
  /** @param folder TACO's own folder for the project's evidence */
  constructor(private readonly folder: string) {}

  /** Returns the path of the log of a run. */
  logOf(agent: string, at: number): string {
    return join(this.folder, agent, `${at}.log`);
  }

  /** Keeps one run, and removes the oldest ones. */
  async keep(agent: string, evidence: Evidence): Promise<void> {
    await writeFileAtomic(join(this.folder, agent, `${evidence.at}.json`), JSON.stringify(evidence, null, 2));
    const runs = await this.runs(agent);
    for (const at of runs.slice(MAX_RUNS))
      for (const kind of ['json', 'log']) await rm(join(this.folder, agent, `${at}.${kind}`), { force: true });
  }

  /** Returns the kept evidence of an agent, newest first. */
  async of(agent: string): Promise<readonly Evidence[]> {
    const found: Evidence[] = [];
    for (const at of await this.runs(agent)) {
      const text = await readFile(join(this.folder, agent, `${at}.json`), 'utf8').catch(() => 'null');
      const { data } = evidenceSchema.safeParse(safeJson(text));
      if (data) found.push(data);
    }
    return found;
  }

  private async runs(agent: string): Promise<readonly number[]> {
    const names = await readdir(join(this.folder, agent)).catch(() => []);
    const times = names.flatMap((name) => Number(/^(\d+)\.(?:json|log)$/.exec(name)?.[1] ?? NaN));
    return [...new Set(times.filter(Number.isFinite))].sort((a, b) => b - a);
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
