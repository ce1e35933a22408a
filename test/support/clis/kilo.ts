/** The real Kilo CLI for tests: installed into the cache once, run with a scratch home against a mock of its model. */
import { installed } from './npmPrograms';
import { openCodeHome, type OpenCodeHomeOptions } from './openCode';

export const KILO_VERSION = '7.7.9';

/** The native package: the launcher beside it only finds that one, and may be newer than every native package. */
export const KILO_NATIVE = `@kilocode/cli-linux-${process.arch}`;

/** Returns the path of the executable; installs it when it is missing (250 MB). */
export async function ensureKilo(version: string): Promise<string> {
  return installed({
    name: 'kilo',
    version,
    specs: [`${KILO_NATIVE}@${version}`],
    executable: `node_modules/${KILO_NATIVE}/bin/kilo`,
  });
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others.
 */
export async function kiloHome(options: OpenCodeHomeOptions): Promise<Record<string, string>> {
  const names = {
    folder: 'kilo',
    file: 'kilo.json',
    prefix: 'KILO',
    plugins: '@kilocode/plugin',
    version: KILO_VERSION,
  };
  return openCodeHome({ ...options, names });
}
