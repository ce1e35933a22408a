/** The type of the command table. The parser, the help, the completions and docs/cli.md derive from the table. */

export interface OptionSpec {
  readonly type: 'boolean' | 'text' | 'number';
  /** Placeholder in the help, for `text` and `number`. */
  readonly value?: string;
  /** The only allowed values. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all remaining words; only for the last argument. */
  readonly rest?: boolean;
  readonly choices?: readonly string[];
  /** Kind of completion that a shell offers here. */
  readonly complete?: 'file' | 'agent';
}

export interface CommandSpec {
  /** One or two words: `send`, `plan validate`. */
  readonly name: string;
  readonly summary: string;
  /** Paragraphs for the command's own help. */
  readonly details?: readonly string[];
  readonly arguments: readonly ArgumentSpec[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** For programs: the command works, but the overview does not list it with the user's commands. */
  readonly internal?: boolean;
}

/** Returns an argument as the usage line shows it: `AGENT TEXT...`, `[ID]`. */
export function argumentUsage(argument: ArgumentSpec): string {
  const name = argument.choices ? argument.choices.join('|') : argument.name;
  const text = argument.rest ? `${name}...` : name;
  return argument.optional ? `[${text}]` : text;
}

/** Returns an option as the usage line shows it: `--wait STATE`, `--json`. */
export function optionUsage(name: string, option: OptionSpec): string {
  if (option.type === 'boolean') return `--${name}`;
  return `--${name} ${option.choices ? option.choices.join('|') : (option.value ?? 'VALUE')}`;
}
