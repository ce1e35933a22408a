import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const schema = z.record(z.string(), z.number().positive());

/** The memory of one agent of each CLI as measured on this machine, MB: `measured-memory.json` in TACO's folder. */
export class MeasuredMemory {
  private readonly file: string;

  /** @param home TACO's folder */
  constructor(private readonly home: string) {
    this.file = join(home, 'measured-memory.json');
  }

  /** Returns MB by profile; empty when nothing was measured. */
  read(): Readonly<Record<string, number>> {
    try {
      return schema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch {
      return {};
    }
  }

  /** Adds measurements; returns without a write when none differs by more than a tenth. */
  async add(found: Readonly<Record<string, number>>): Promise<void> {
    const before = this.read();
    const changed = Object.entries(found).some(([name, mb]) => Math.abs(mb - (before[name] ?? 0)) > mb / 10);
    if (!changed) return;
    await mkdir(this.home, { recursive: true, mode: 0o700 });
    const draft = `${this.file}.${process.pid}`;
    await writeFile(draft, `${JSON.stringify({ ...before, ...found }, null, 1)}\n`, { mode: 0o600 });
    await rename(draft, this.file);
  }
}
