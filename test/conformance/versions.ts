/** The versions of a run: the suite's own, one by name, the newest of npm, or some of the last months at random. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';

/** Random versions are at most this old. */
const DAYS = 90;
const DAY_MS = 86_400_000;
/** Releases alone: no alpha, beta or nightly. */
const RELEASE = /^\d+\.\d+\.\d+$/;

/** Publication date of each version; npm adds `created` and `modified`. */
export type Dates = Readonly<Record<string, string>>;

/** Returns the version that npm installs by default. Rejects when the registry does not answer. */
export async function newestOf(npmPackage: string): Promise<string> {
  return z.string().parse(await npmView(npmPackage, 'dist-tags.latest'));
}

export async function datesOf(npmPackage: string): Promise<Dates> {
  return z.record(z.string(), z.string()).parse(await npmView(npmPackage, 'time'));
}

/**
 * Returns `count` releases of the last 90 days, or all when there are fewer, newest first. The same seed and dates give
 * the same versions. @param now milliseconds since the epoch
 */
export function randomVersions(dates: Dates, count: number, seed: number, now: number): readonly string[] {
  const recent = Object.entries(dates)
    .filter(([version, date]) => RELEASE.test(version) && now - Date.parse(date) <= DAYS * DAY_MS)
    .map(([version]) => version)
    .sort(byVersion);
  const random = randomOf(seed);
  const chosen: string[] = [];
  while (chosen.length < count && recent.length > 0)
    chosen.push(...recent.splice(Math.floor(random() * recent.length), 1));
  return chosen.sort(byVersion).reverse();
}

/** Compares two versions by their numbers. Also for labels such as `2.1.332, features off`. */
export function byVersion(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.localeCompare(b);
}

/** Returns numbers from 0 to 1 that depend only on the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function npmView(npmPackage: string, field: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)('npm', ['view', npmPackage, field, '--json'], {
    timeout: 60_000,
    maxBuffer: 32 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
