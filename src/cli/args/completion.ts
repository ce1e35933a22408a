/** Completion scripts, generated from the command table. */
import type { CommandSpec } from './commandSpec';
import { commands } from './commandTable';
import { globalOptions } from './lightCommands';

const firstWords = [...new Set(commands.map((command) => command.name.split(' ')[0] ?? ''))];

function secondWords(first: string): string[] {
  return commands.flatMap((command) =>
    command.name.startsWith(`${first} `) ? [command.name.slice(first.length + 1)] : [],
  );
}

function optionsOf(command: CommandSpec): string[] {
  return Object.keys({ ...command.options, ...globalOptions }).map((name) => `--${name}`);
}

/** Returns the values of options with fixed values: `--wait` → delivered received. */
function choices(): [option: string, values: string[]][] {
  const found = new Map<string, Set<string>>();
  for (const command of commands) {
    for (const [name, option] of Object.entries(command.options)) {
      if (option.choices) found.set(name, new Set([...(found.get(name) ?? []), ...option.choices]));
    }
  }
  return [...found].map(([name, values]) => [name, [...values]]);
}

function candidates(command: CommandSpec): string[] {
  return [...optionsOf(command), ...command.arguments.flatMap((argument) => argument.choices ?? [])];
}

const takesAgent = commands
  .filter((command) => command.arguments.some((argument) => argument.complete === 'agent'))
  .map((command) => command.name);
const takesFile = commands
  .filter((command) => command.arguments.some((argument) => argument.complete === 'file'))
  .map((command) => command.name);
// Queries the running session each time; a project without one offers the fixed names only.
const AGENT_NAMES = `taco agents --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d'"' -f4`;

function bash(): string {
  const groups = firstWords.filter((word) => secondWords(word).length > 0);
  return `# taco completion for bash: source <(taco completion bash)
_taco() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} key=\${COMP_WORDS[1]} words=
  case $prev in
${choices()
  .map(([name, values]) => `    --${name}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$cur")); return ;;`)
  .join('\n')}
    --project) COMPREPLY=($(compgen -d -- "$cur")); return ;;
    --plan) COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${firstWords.join(' ')} --help" -- "$cur")); return; fi
  case $key in
${groups.map((word) => `    ${word}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${secondWords(word).join(' ')}" -- "$cur")); return; fi; key="$key \${COMP_WORDS[2]}" ;;`).join('\n')}
  esac
  case $key in
${commands.map((command) => `    "${command.name}") words="${candidates(command).join(' ')}" ;;`).join('\n')}
  esac
  case $key in
    ${takesAgent.map((name) => `"${name}"`).join('|')}) case $cur in -*) ;; *) words="$words mother user all $(${AGENT_NAMES})" ;; esac ;;
    ${takesFile.map((name) => `"${name}"`).join('|')}) case $cur in -*) ;; *) COMPREPLY=($(compgen -f -- "$cur")); return ;; esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _taco taco
`;
}

function fish(): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = ['# taco completion for fish', 'complete -c taco -f'];
  for (const word of firstWords) {
    const own = commands.find((command) => command.name === word);
    const summary = own?.summary ?? secondWords(word).join(', ');
    lines.push(`complete -c taco -n __fish_use_subcommand -a ${word} -d ${quote(summary)}`);
    for (const second of secondWords(word)) {
      lines.push(
        `complete -c taco -n '__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${secondWords(word).join(' ')}' -a ${second}`,
      );
    }
  }
  for (const command of commands) {
    const condition = command.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const [name, option] of Object.entries(command.options)) {
      const takes =
        option.type === 'boolean' ? '' : option.choices ? ` -x -a ${quote(option.choices.join(' '))}` : ' -r';
      lines.push(`complete -c taco -n ${quote(condition)} -l ${name}${takes} -d ${quote(option.summary)}`);
    }
    if (takesFile.includes(command.name)) lines.push(`complete -c taco -n ${quote(condition)} -F`);
    if (takesAgent.includes(command.name))
      lines.push(`complete -c taco -n ${quote(condition)} -a ${quote(`mother user all (${AGENT_NAMES})`)}`);
    for (const argument of command.arguments)
      if (argument.choices)
        lines.push(`complete -c taco -n ${quote(condition)} -a ${quote(argument.choices.join(' '))}`);
  }
  for (const [name, option] of Object.entries(globalOptions))
    lines.push(`complete -c taco -l ${name}${option.type === 'boolean' ? '' : ' -r'} -d ${quote(option.summary)}`);
  return lines.join('\n') + '\n';
}

/** Returns the script for `shell`. zsh runs the one of bash through its own `bashcompinit`. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish'): string {
  if (shell === 'fish') return fish();
  if (shell === 'bash') return bash();
  return `#compdef taco\nautoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n${bash()}`;
}
