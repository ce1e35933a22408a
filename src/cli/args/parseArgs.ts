import { parseArgs, type ParseArgsConfig } from 'node:util';
import { errors } from '../../core/errors/errors';
import type { CommandSpec, OptionSpec } from './commandSpec';

/** A command line that fits the table: options have their types, and mandatory arguments are present. */
export class Invocation {
  constructor(
    readonly command: CommandSpec,
    /** Positional arguments in order, without the words of the command's name. */
    readonly positionals: readonly string[],
    private readonly values: ReadonlyMap<string, string | number | boolean>,
  ) {}

  flag(name: string): boolean {
    return this.values.get(name) === true;
  }

  text(name: string): string | undefined {
    const value = this.values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.values.get(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** Returns the positional argument at `index`; the parser guarantees a mandatory one. */
  argument(index: number): string {
    return this.positionals[index] ?? '';
  }

  /** Returns all positional arguments from `index` on, joined by spaces. */
  rest(index: number): string {
    return this.positionals.slice(index).join(' ');
  }
}

/** The parsed request: a command, the help of a command or of a group, the overview, or the version. */
export type CommandLine =
  | { readonly kind: 'run'; readonly invocation: Invocation; readonly json: boolean }
  | { readonly kind: 'help'; readonly topic: string; readonly json: boolean }
  | { readonly kind: 'version' };

type Token = {
  readonly kind: string;
  readonly index: number;
  readonly name?: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};

function tokensOf(args: readonly string[], options: Readonly<Record<string, OptionSpec>>): readonly Token[] {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, option] of Object.entries(options))
    config[name] = { type: option.type === 'boolean' ? 'boolean' : 'string' };
  config['help'] = { type: 'boolean', short: 'h' };
  return parseArgs({ args: [...args], options: config, allowPositionals: true, strict: false, tokens: true }).tokens;
}

/**
 * Returns true for a word with a space before any `=`: a text that begins with a dash (`- item one`), never an
 * option.
 */
function isText(word: string): boolean {
  return /\s/.test(word.split('=', 1)[0] ?? '');
}

function valueOf(name: string, option: OptionSpec, token: Token): string | number | boolean {
  if (option.type === 'boolean') {
    if (token.value !== undefined) throw errors.usage(`--${name} takes no value.`, `Write --${name} alone.`);
    return true;
  }
  if (token.value === undefined || (!token.inlineValue && /^-./.test(token.value) && !isText(token.value))) {
    throw errors.usage(`--${name} needs a value.`, `Write --${name}=${option.value ?? 'VALUE'}.`);
  }
  if (option.choices && !option.choices.includes(token.value)) {
    throw errors.usage(`--${name} does not take "${token.value}".`, `It takes ${option.choices.join(', ')}.`);
  }
  if (option.type === 'text') return token.value;
  const number = Number(token.value);
  if (token.value.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw errors.usage(
      `--${name} needs a number that is not negative, not "${token.value}".`,
      `For example, write --${name}=60.`,
    );
  }
  return number;
}

/** Returns the two names nearest to the input by common prefix; a hint, not a correction. */
function nearest(word: string, names: readonly string[]): string {
  const near = names.filter((name) => name.startsWith(word.slice(0, 2)));
  return near.length > 0 ? `Did you mean ${near.slice(0, 3).join(', ')}? See \`taco --help\`.` : 'See `taco --help`.';
}

function checkArguments(command: CommandSpec, positionals: readonly string[]): void {
  const help = `See \`taco ${command.name} --help\`.`;
  command.arguments.forEach((argument, index) => {
    const value = positionals[index];
    if (value === undefined) {
      if (!argument.optional) throw errors.usage(`taco ${command.name} needs ${argument.name}.`, help);
    } else if (argument.choices && !argument.choices.includes(value)) {
      throw errors.usage(`${argument.name} cannot be "${value}".`, `It can be ${argument.choices.join(', ')}.`);
    }
  });
  if (!command.arguments.at(-1)?.rest && positionals.length > command.arguments.length) {
    throw errors.usage(`taco ${command.name} takes no "${positionals[command.arguments.length]}".`, help);
  }
}

/** Finds the command that the positional words begin with, and the number of words in its name. */
function commandOf(
  words: readonly string[],
  table: readonly CommandSpec[],
): { readonly command: CommandSpec; readonly length: number } | null {
  for (const length of [2, 1]) {
    const command = table.find((entry) => entry.name === words.slice(0, length).join(' '));
    if (command && words.length >= length) return { command, length };
  }
  return null;
}

/**
 * Parses a command line by the table. Options may appear anywhere, also before the command's name; after `--`
 * everything is an argument. Throws TacoError usage.
 */
export function parseCommandLine(
  args: readonly string[],
  table: readonly CommandSpec[],
  globals: Readonly<Record<string, OptionSpec>>,
): CommandLine {
  const rough = tokensOf(args, globals);
  const words = rough.filter((token) => token.kind === 'positional').map((token) => token.value ?? '');
  const json = rough.some((token) => token.kind === 'option' && token.name === 'json');
  const help = rough.some((token) => token.kind === 'option' && (token.name === 'help' || token.name === 'h'));
  const groups = new Set(table.filter((entry) => entry.name.includes(' ')).map((entry) => entry.name.split(' ')[0]));

  if (args.some((word) => word === '--version') && args.every((word) => /^--(version|json)$/.test(word)))
    return { kind: 'version' };
  if (words.length === 0 && args.every((word) => /^(--help|-h|--json)$/.test(word)))
    return { kind: 'help', topic: '', json };
  if (words[0] === 'help') return { kind: 'help', topic: words.slice(1, 3).join(' '), json };
  const found = commandOf(words, table);
  if (!found) {
    const first = words[0];
    if (first === undefined) throw errors.usage('No command was given.', 'See `taco --help`.');
    if (groups.has(first)) {
      if (help) return { kind: 'help', topic: first, json };
      const known = table
        .filter((entry) => entry.name.startsWith(`${first} `))
        .map((entry) => entry.name.split(' ')[1]);
      throw errors.usage(
        words[1] === undefined
          ? `taco ${first}: missing subcommand.`
          : `taco ${first}: unknown subcommand "${words[1]}".`,
        `It takes ${known.join(', ')}.`,
      );
    }
    throw errors.usage(
      `Unknown command "${first}".`,
      nearest(
        first,
        table.map((entry) => entry.name),
      ),
    );
  }

  const { command, length } = found;
  const options: Readonly<Record<string, OptionSpec>> = { ...command.options, ...globals };
  const values = new Map<string, string | number | boolean>();
  const positionals = new Map<number, string>();
  for (const token of tokensOf(args, options)) {
    const word = args[token.index] ?? '';
    if (token.kind === 'positional') positionals.set(token.index, token.value ?? '');
    if (token.kind !== 'option' || token.name === undefined) continue;
    const option = Object.hasOwn(options, token.name) && /^--/.test(word) ? options[token.name] : undefined;
    if (option) values.set(token.name, valueOf(token.name, option, token));
    else if (isText(word)) positionals.set(token.index, word);
    else if (word !== '-h')
      throw errors.usage(
        `taco ${command.name}: unknown option ${word.split('=', 1)[0]}.`,
        `See \`taco ${command.name} --help\`; put -- before a text that begins with a dash.`,
      );
    else values.set('help', true);
  }
  if (values.get('help') === true) return { kind: 'help', topic: command.name, json };
  const given = [...positionals]
    .sort(([a], [b]) => a - b)
    .map(([, word]) => word)
    .slice(length);
  checkArguments(command, given);
  return { kind: 'run', invocation: new Invocation(command, given, values), json: values.get('json') === true };
}
