import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process of a test's own: `fixture.<role>.ts`, bundled beside the tests. */
export interface FixtureProcess {
  /** The next line it prints; rejects when it ends first. */
  line(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

export function startFixture(role: 'lease' | 'consumer' | 'ports', args: readonly string[]): FixtureProcess {
  const child = spawn(process.execPath, [join(__dirname, `fixture.${role}.js`), ...args], {
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
