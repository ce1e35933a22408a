/** The shape of the command table, from which the parser, the help, the completions and docs/cli.md are made. */

export interface OptionSpec {
  readonly type: 'boolean' | 'text' | 'number';
  /** Placeholder in the help, for `text` and `number`. */
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all that is left; only the last argument may. */
  readonly rest?: boolean;
  readonly choices?: readonly string[];
  /** What a shell offers here. */
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
  /** For machines: runs, but is not offered in the overview's own section of commands for people. */
  readonly internal?: boolean;
}

/** `AGENT TEXT...`, `[ID]`: the arguments as the usage line shows them. */
export function argumentUsage(argument: ArgumentSpec): string {
  const name = argument.choices ? argument.choices.join('|') : argument.name;
  const text = argument.rest ? `${name}...` : name;
  return argument.optional ? `[${text}]` : text;
}

/** `--wait STATE`, `--json`. */
export function optionUsage(name: string, option: OptionSpec): string {
  if (option.type === 'boolean') return `--${name}`;
  return `--${name} ${option.choices ? option.choices.join('|') : (option.value ?? 'VALUE')}`;
}
