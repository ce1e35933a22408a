import { parseArgs, type ParseArgsConfig } from 'node:util';

/** One option of a suite: that of `parseArgs`, with its line in the help. */
type SuiteOption = NonNullable<ParseArgsConfig['options']>[string] & {
  /** The value in the help, for example `N`; none for a switch. */
  readonly value?: string;
  readonly help: string;
};

/** Ends a suite before its work: its message is for the user, with the exit code 0 (help) or 2 (wrong option). */
export class SuiteEnd extends Error {
  constructor(
    message: string,
    readonly exitCode: 0 | 2,
  ) {
    super(message);
  }
}

/** Parses the options of `npm run SUITE -- …`. Throws SuiteEnd after `--help`, or for an option that does not exist. */
export function suiteOptions<const Options extends Readonly<Record<string, SuiteOption>>>(
  suite: string,
  options: Options,
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: Options }>>['values'] {
  if (args.includes('--help')) throw new SuiteEnd(usage(suite, options), 0);
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new SuiteEnd(`${error instanceof Error ? error.message : String(error)}\n\n${usage(suite, options)}`, 2);
  }
}

function usage(suite: string, options: Readonly<Record<string, SuiteOption>>): string {
  const rows = Object.entries(options).map(([name, { value, help, default: standard }]) => ({
    flag: `--${name}${value === undefined ? '' : ` ${value}`}`,
    help: typeof standard === 'string' ? `${help} (default: ${standard})` : help,
  }));
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  return [
    `npm run ${suite} -- [OPTIONS]`,
    '',
    ...rows.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`),
  ].join('\n');
}
