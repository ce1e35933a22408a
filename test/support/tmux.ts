import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TmuxSession, type TmuxServerOptions } from '../../src/tmux/session/tmuxSession';

/** The test's own tmux server: own socket, own folder, ended by `dispose`. */
export class PrivateTmux {
  readonly dir = mkdtempSync(join(tmpdir(), 'taco-tmux-'));
  readonly options: TmuxServerOptions = {
    tmuxCommand: 'tmux',
    socket: `taco-test-${process.pid}-${randomBytes(4).toString('hex')}`,
    configFile: join(this.dir, 'tmux.conf'),
    // The user's configuration is not read: HOME is the test's folder.
    env: { PATH: process.env['PATH'], HOME: this.dir, LANG: 'C.UTF-8', TMUX_TMPDIR: this.dir },
  };
  private readonly sessions: TmuxSession[] = [];

  async session(name = 'team'): Promise<TmuxSession> {
    const session = await TmuxSession.create(this.options, name, this.dir, 'Mother');
    this.sessions.push(session);
    await session.setEpoch(1);
    return session;
  }

  /** Runs a tmux command as another client would. */
  tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.options.socket, ...args], {
      env: this.options.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  dispose(): void {
    for (const session of this.sessions) session.dispose();
    try {
      this.tmux('kill-server');
    } catch {
      // Ended already.
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
