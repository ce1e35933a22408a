import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A process of the test: `<role>.process.ts`, bundled beside the tests. */
export interface TestProcess {
  /** Returns the next line that it prints; rejects when it ends first. */
  line(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

export function startProcess(role: 'lease' | 'consumer' | 'ports', args: readonly string[]): TestProcess {
  const child = spawn(process.execPath, [resolve(`out/test/support/processes/${role}.process.js`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    line: async () => {
      const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
      if (done) throw new Error(`The ${role} process ended.`);
      return value;
    },
  };
}
