import { execFileSync } from 'node:child_process';

/**
 * A network of two: this machine, and a namespace that simulates another one. Needs the right to create one (root,
 * `iproute2`).
 */
export class Netns {
  readonly name = `taco-${process.pid}`;
  private readonly link = `taco${process.pid % 100_000}`;
  private readonly net = `10.${64 + (process.pid % 64)}.${(process.pid >> 6) % 256}`;
  /** Address of this machine in the namespace. */
  readonly here = `${this.net}.1`;

  /** Returns null where creation is not permitted. */
  static make(): Netns | null {
    const netns = new Netns();
    try {
      netns.ip('netns', 'add', netns.name);
      netns.ip('link', 'add', netns.link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', netns.name);
      netns.ip('addr', 'add', `${netns.here}/24`, 'dev', netns.link);
      netns.ip('link', 'set', netns.link, 'up');
      netns.ip('-n', netns.name, 'addr', 'add', `${netns.net}.2/24`, 'dev', 'eth0');
      netns.ip('-n', netns.name, 'link', 'set', 'eth0', 'up');
      return netns;
    } catch {
      netns.dispose();
      return null;
    }
  }

  get inside(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  /** Cuts the connection, or restores it: a cut refuses nothing, and all packets are lost. */
  cut(down: boolean): void {
    this.ip('link', 'set', this.link, down ? 'down' : 'up');
  }

  dispose(): void {
    try {
      this.ip('netns', 'del', this.name);
    } catch {
      // It was never created.
    }
  }

  private ip(...args: string[]): void {
    execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
