import { spawn, type ChildProcess } from 'node:child_process';

export interface LeadersOptions {
  /** Path of a bundled `taco`. */
  readonly taco: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Keeps this many `taco up` processes running: replaces any that ends at once, as a user who opens VS Code again. */
export class Leaders {
  private readonly running = new Set<ChildProcess>();
  private wanted = 0;
  /** Processes that ended unexpectedly. */
  readonly quit: string[] = [];

  constructor(private readonly options: LeadersOptions) {}

  get pids(): readonly number[] {
    return [...this.running].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** @param stdin input of the first one: the plan to start with */
  want(count: number, more: readonly string[] = ['--resume'], stdin = ''): void {
    this.wanted = count;
    while (this.running.size < count) this.start(more, stdin);
    for (const child of [...this.running].slice(count)) this.end(child);
  }

  /** Kills the process with SIGKILL; resolves once it has ended. False when it is none of these processes. */
  async kill(pid: number): Promise<boolean> {
    const child = [...this.running].find((each) => each.pid === pid);
    if (!child) return false;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    return true;
  }

  stopAll(): void {
    this.wanted = 0;
    for (const child of this.running) this.end(child);
  }

  private end(child: ChildProcess): void {
    this.running.delete(child);
    child.kill('SIGKILL');
  }

  private start(more: readonly string[], stdin: string): void {
    const child = spawn(process.execPath, [this.options.taco, 'up', ...this.options.args, ...more], {
      env: this.options.env,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-300)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    this.running.add(child);
    child.once('exit', (code, signal) => {
      if (!this.running.delete(child)) return;
      if (signal === null) this.quit.push(`${code}: ${said.trim().split('\n').at(-1) ?? ''}`);
      setTimeout(() => this.running.size < this.wanted && this.start(['--resume'], ''), signal === null ? 300 : 0);
    });
  }
}
