/** Imported before everything else, so that what loading costs is counted too. */
const loaded = process.cpuUsage();

/** Processor time since our code began to load, milliseconds. */
export function activationTime(): number {
  const { user, system } = process.cpuUsage(loaded);
  return (user + system) / 1000;
}
