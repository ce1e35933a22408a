import { completionScript } from '../args/completion';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';

/** `taco completion`: prints the script for a shell. */
export function completion({ invocation }: CommandContext): Promise<CommandResult> {
  const script = completionScript(invocation.argument(0) as 'bash' | 'zsh' | 'fish');
  return Promise.resolve({ json: { script }, text: script.trimEnd() });
}
