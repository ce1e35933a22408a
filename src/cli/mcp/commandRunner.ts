import { Readable } from 'node:stream';
import { errors } from '../../core/errors/errors';
import { commands } from '../args/commandTable';
import { Invocation } from '../args/parseArgs';
import { CommandContext, type Handler } from '../runtime/commandContext';
import type { Io } from '../runtime/io';

/** The parameters that a tool passes to its command. */
export interface ToolCall {
  /** The command's name in the table: `send`, `service register`. */
  readonly command: string;
  readonly positionals?: readonly string[];
  /** Options of the command; undefined ones are omitted. */
  readonly options?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Standard input of the command. */
  readonly input?: string;
}

/** Runs commands for tools with the code of the shell commands, so a tool has the same rights, limits and errors. */
export class CommandRunner {
  constructor(
    private readonly io: Io,
    /** Options of each call: the project, its Redis. */
    private readonly globals: Readonly<Record<string, string | undefined>>,
  ) {}

  /** Returns the command's result as `--json` would print it. Throws its TacoError. */
  async run(handler: Handler, call: ToolCall): Promise<unknown> {
    return this.with(call, async (context) => (await handler(context)).json);
  }

  /** Does the same as `run` for a tool without a command. */
  async with<T>(call: ToolCall, work: (context: CommandContext) => Promise<T>): Promise<T> {
    const context = this.context(call);
    try {
      return await work(context);
    } finally {
      context.dispose();
    }
  }

  private context(call: ToolCall): CommandContext {
    const spec = commands.find(({ name }) => name === call.command);
    if (!spec) throw errors.usage(`Unknown command "${call.command}".`, 'See `taco --help`.');
    const values = new Map<string, string | number | boolean>();
    for (const [name, value] of Object.entries({ ...this.globals, ...call.options }))
      if (value !== undefined) values.set(name, value);
    // The process's standard input belongs to the protocol: no command may read it.
    const stdin = Readable.from(call.input === undefined ? [] : [Buffer.from(call.input)]) as unknown as Io['stdin'];
    return new CommandContext(new Invocation(spec, call.positionals ?? [], values), { ...this.io, stdin });
  }
}
