/**
 * Finds the agent that started this process through the kernel: an agent that drops its identity is still below its
 * pane.
 */
import { readFileSync } from 'node:fs';

const MAX_ANCESTORS = 40;

/**
 * Returns the window of the agent whose process tree contains this process. Returns null when there is none, or
 * without /proc. Reads an ancestor's initial environment, which `env -u` or `env -i` further down does not change. A
 * process that left the tree is not found.
 */
export function owningAgentWindow(pid: number = process.ppid): number | null {
  for (let n = 0; pid > 1 && n < MAX_ANCESTORS; n++) {
    const window = windowIn(`/proc/${pid}/environ`);
    if (window !== null) return window;
    pid = parentOf(pid);
  }
  return null;
}

function windowIn(file: string): number | null {
  const variables = read(file).split('\0');
  const value = (name: string): string | undefined =>
    variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const window = value('TACO_WINDOW');
  return window !== undefined && /^\d{1,4}$/.test(window) && value('TACO_SECRET') !== undefined ? Number(window) : null;
}

function parentOf(pid: number): number {
  // The command in parentheses may contain any character; only the text after the last parenthesis is parsed.
  return Number(/\) \S (\d+) /.exec(read(`/proc/${pid}/stat`).replace(/^.*\)/s, ')'))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
