/** Combinations of settings: each pair of values of two settings stands together in at least one of them. */

/** Values of each setting, by the setting's name. The first is the CLI's own default. */
export type Factors = Readonly<Record<string, readonly string[]>>;
export type Combination = Readonly<Record<string, string>>;

/** Candidates for each combination, of which the one with the highest new pairs is taken. */
const CANDIDATES = 40;
/** Share of defaults in a value that covers no new pair. */
const DEFAULT_SHARE = 0.4;

/** Returns numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Returns `count` combinations, the same for the same seed. The first ones cover all pairs with as few as a greedy
 * choice needs; the others are further random ones.
 */
export function combinations(factors: Factors, count: number, seed: number): readonly Combination[] {
  const random = randomOf(seed);
  const open = new Set(allPairs(factors));
  const found: Combination[] = [];
  while (found.length < count) {
    const candidates = Array.from({ length: CANDIDATES }, () => candidate(factors, open, random));
    const gain = (each: Combination): number => pairsOf(each).filter((pair) => open.has(pair)).length;
    const best = candidates.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const pair of pairsOf(best)) open.delete(pair);
    found.push(best);
  }
  return found;
}

/** Returns the pairs of values that no combination has. */
export function uncovered(factors: Factors, of: readonly Combination[]): readonly string[] {
  const covered = new Set(of.flatMap(pairsOf));
  return allPairs(factors).filter((pair) => !covered.has(pair));
}

/** Chooses value after value, in random order, each with the highest new pairs beside those chosen before. */
function candidate(factors: Factors, open: ReadonlySet<string>, random: () => number): Combination {
  const chosen: Record<string, string> = {};
  const names = Object.keys(factors)
    .map((name) => ({ name, at: random() }))
    .sort((a, b) => a.at - b.at);
  for (const { name } of names) {
    const scored = (factors[name] ?? []).map((value) => ({
      value,
      gain: Object.entries(chosen).filter(([other, its]) => open.has(pairOf(name, value, other, its))).length,
      at: random(),
    }));
    const highest = Math.max(...scored.map(({ gain }) => gain));
    const best = scored.filter(({ gain }) => gain === highest).sort((a, b) => a.at - b.at);
    const usual = scored[0]?.value ?? '';
    chosen[name] = highest === 0 && random() < DEFAULT_SHARE ? usual : (best[0]?.value ?? usual);
  }
  return Object.fromEntries(Object.keys(factors).map((name) => [name, chosen[name] ?? '']));
}

function allPairs(factors: Factors): readonly string[] {
  const names = Object.keys(factors);
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .flatMap((b) =>
        (factors[a] ?? []).flatMap((first) => (factors[b] ?? []).map((second) => pairOf(a, first, b, second))),
      ),
  );
}

function pairsOf(combination: Combination): readonly string[] {
  const entries = Object.entries(combination);
  return entries.flatMap(([a, first], i) => entries.slice(i + 1).map(([b, second]) => pairOf(a, first, b, second)));
}

/** Names a pair, whatever the order of its settings. */
function pairOf(a: string, first: string, b: string, second: string): string {
  return a < b ? `${a}=${first} ${b}=${second}` : `${b}=${second} ${a}=${first}`;
}
