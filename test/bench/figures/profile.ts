import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { number, type Figure } from '../figure';
import { throughput } from './throughput';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Cost {
  readonly name: string;
  /** Share of the time that was not idle, percent. */
  readonly share: number;
}

/** Returns the time in each function itself, as a share of the time that was not idle, greatest first. */
export function costsOf({ nodes, samples, timeDeltas }: CpuProfile): readonly Cost[] {
  const names = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      `${callFrame.functionName || '(anonymous)'}${callFrame.url.startsWith('node:') ? ` (${callFrame.url})` : ''}`,
    ]),
  );
  const self = new Map<string, number>();
  samples.forEach((id, i) => {
    const name = names.get(id) ?? '?';
    if (name !== '(idle)') self.set(name, (self.get(name) ?? 0) + (timeDeltas[i] ?? 0));
  });
  const all = [...self.values()].reduce((sum, time) => sum + time, 0);
  return [...self].map(([name, time]) => ({ name, share: (time / all) * 100 })).sort((a, b) => b.share - a.share);
}

export const profile: Figure = {
  name: 'profile',
  title: 'CPU profile of the engine with 50 agents',
  async run() {
    const dir = mkdtempSync(join(tmpdir(), 'taco-prof-'));
    try {
      const result = await throughput({ agents: 50, kind: 'direct', seconds: 10, profileDir: dir });
      const file = readdirSync(dir).find((name) => name.endsWith('.cpuprofile'));
      if (file === undefined) throw new Error('no profile was written');
      const costs = costsOf(JSON.parse(readFileSync(join(dir, file), 'utf8')) as CpuProfile).slice(0, 20);
      return {
        floor: 'none',
        runs: 1,
        goals: [],
        data: { costs, result },
        measured: costs
          .slice(0, 10)
          .map(({ name, share }) => `${name} ${number(share)} %`)
          .join(', '),
      };
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
