import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { HostFacts, HostOrder } from './engineHost';

/** A process that runs only an engine, the leader's or a host's. */
export class EngineProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when it leads. @param profileDir folder for its CPU profile when it ends */
  static async start(order: HostOrder, profileDir?: string): Promise<EngineProcess> {
    const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
    const child = fork(resolve('out/bench/engineHost.js'), [JSON.stringify(order)], {
      execArgv: ['--expose-gc', ...profiling],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new EngineProcess(child);
    await started.answer();
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async facts(): Promise<HostFacts> {
    this.child.send('facts');
    return await this.answer();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.send('stop');
    await ended;
  }

  private async answer(): Promise<HostFacts> {
    const { child } = this;
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the engine ended'))),
    ])) as [HostFacts];
    return message;
  }
}
