/** A window for a story with scripted agents: folders, a tmux socket and a Redis of its own, all gone at the end. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TacoPaths } from '../../../src/core/paths';
import { stopRedis } from '../../../src/redis/redisServer';
import { openStory, type StoryWindow } from '../../bed/story';

export class SampleTeam {
  private constructor(
    private readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly socket: string,
    readonly window: StoryWindow,
  ) {}

  static async open(settings: Readonly<Record<string, unknown>> = {}): Promise<SampleTeam> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'ss-')));
    try {
      mkdirSync(join(dir, 'tmux'), { mode: 0o700 });
      const env = { TACO_HOME: join(dir, 't'), TMUX_TMPDIR: join(dir, 'tmux') };
      const socket = `sample-${process.pid}`;
      const window = await openStory({ env, settings: { 'taco.tmux.socket': socket, ...settings } });
      return new SampleTeam(dir, env, socket, window);
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.window.close();
    try {
      execFileSync('tmux', ['-L', this.socket, 'kill-server'], { env: { ...process.env, ...this.env }, stdio: 'ignore' });
    } catch {
      // Nothing was started on it.
    }
    await stopRedis(new TacoPaths(this.env, this.dir));
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
