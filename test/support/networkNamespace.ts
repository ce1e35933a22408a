import { execFileSync } from 'node:child_process';

/** A network of two: this machine, and a namespace that stands for another one. Needs the right to make one (root, `iproute2`). */
export class Netns {
  readonly name = `taco-${process.pid}`;
  private readonly link = `taco${process.pid % 100_000}`;
  private readonly net = `10.${64 + (process.pid % 64)}.${(process.pid >> 6) % 256}`;
  /** This machine, as the other sees it. */
  readonly here = `${this.net}.1`;

  /** Null where this may not be done. */
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

  /** Pulls the cable, or puts it in again: nothing is refused, what is sent is gone. */
  cut(down: boolean): void {
    this.ip('link', 'set', this.link, down ? 'down' : 'up');
  }

  dispose(): void {
    try {
      this.ip('netns', 'del', this.name);
    } catch {
      // Never made.
    }
  }

  private ip(...args: string[]): void {
    execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
