import { argumentUsage, optionUsage, type CommandSpec, type OptionSpec } from './commandSpec';
import { commands, exitCodes } from './commandTable';
import { globalOptions } from './lightCommands';

function usage(command: CommandSpec): string {
  return [
    'taco',
    command.name,
    ...command.arguments.map(argumentUsage),
    ...(Object.keys(command.options).length > 0 ? ['[options]'] : []),
  ].join(' ');
}

function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns - indent.length) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}

/** Returns two columns; a left part that is too wide gets its own line. */
function rows(pairs: readonly (readonly [string, string])[], left: number): string[] {
  const indent = ' '.repeat(left + 4);
  return pairs.map(([name, summary]) => {
    const body = wrap(summary, 100, indent);
    return name.length > left ? `  ${name}\n${body}` : `  ${name.padEnd(left)}  ${body.trimStart()}`;
  });
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): string[] {
  return rows(
    Object.entries(options).map(([name, option]) => [optionUsage(name, option), option.summary] as const),
    24,
  );
}

/** Returns `taco --help`: every command with its summary. */
export function renderOverview(): string {
  const people = commands.filter((command) => !command.internal);
  const machines = commands.filter((command) => command.internal);
  const list = (some: readonly CommandSpec[]) =>
    rows(
      some.map((command) => [command.name, command.summary] as const),
      18,
    );
  return [
    'taco: runs a team of coding agents in tmux and delivers every message between them.',
    '',
    'Usage: taco COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    'Commands:',
    ...list(people),
    '',
    'For agent CLIs:',
    ...list(machines),
    '',
    'Options of every command:',
    ...optionRows(globalOptions),
    '',
    `Exit codes: ${exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join(' · ')}.`,
    'Help for one command: taco COMMAND --help. Version: taco --version.',
  ].join('\n');
}

/**
 * Returns the help of one command, or of each command of a group (`taco send --help`, `taco plan --help`). Null when
 * no command or group has this name.
 */
export function renderTopic(topic: string): string | null {
  const command = commands.find((entry) => entry.name === topic);
  if (!command) {
    const group = commands.filter((entry) => entry.name.startsWith(`${topic} `));
    if (topic === '' || group.length === 0) return null;
    return [
      `taco ${topic}`,
      '',
      ...rows(
        group.map((entry) => [usage(entry).slice('taco '.length), entry.summary] as const),
        34,
      ),
      '',
      `More: taco ${topic} WORD --help.`,
    ].join('\n');
  }
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);
  return [
    wrap(`taco ${command.name}: ${command.summary}`, 100, ''),
    '',
    `Usage: ${usage(command)}`,
    ...(command.details ?? []).flatMap((paragraph) => ['', wrap(paragraph, 100, '')]),
    ...section(
      'Arguments:',
      rows(
        command.arguments.map((argument) => [argumentUsage(argument), argument.summary] as const),
        24,
      ),
    ),
    ...section('Options:', optionRows(command.options)),
    ...section('Options of every command:', optionRows(globalOptions)),
    ...section(
      'Examples:',
      command.examples.map((example) => `  ${example}`),
    ),
  ].join('\n');
}

/** Returns the reference part of docs/cli.md, so that the page cannot differ from the command. */
export function renderMarkdown(): string {
  const table = (options: Readonly<Record<string, OptionSpec>>) =>
    Object.entries(options).map(([name, option]) => `- \`${optionUsage(name, option)}\`: ${option.summary}`);
  return [
    '## Options of every command',
    '',
    ...table(globalOptions),
    '',
    ...commands.flatMap((command) => [
      `## taco ${command.name}`,
      '',
      `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
      ...(command.details ?? []).flatMap((paragraph) => ['', paragraph]),
      '',
      '```sh',
      usage(command),
      '```',
      '',
      ...command.arguments.map((argument) => `- \`${argument.name}\`: ${argument.summary}`),
      ...table(command.options),
      ...(command.arguments.length + Object.keys(command.options).length > 0 ? [''] : []),
      '```sh',
      ...command.examples,
      '```',
      '',
    ]),
  ]
    .join('\n')
    .trimEnd();
}
