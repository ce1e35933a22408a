/** Imported before everything else, so that the cost of loading is counted too. */
const loaded = process.cpuUsage();

/** Returns the processor time since TACO's code began to load, milliseconds. */
export function activationTime(): number {
  const { user, system } = process.cpuUsage(loaded);
  return (user + system) / 1000;
}
