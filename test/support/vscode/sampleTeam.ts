/** A window for a story with scripted agents: its own folders, tmux socket and Redis, all removed at the end. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../../src/core/models';
import { TacoPaths } from '../../../src/core/programs/paths';
import { projectIdOf } from '../../../src/redis/client/keys';
import { stopRedis } from '../../../src/redis/server/redisServer';
import { openStory, type StoryWindow } from '../../harness/openStory';

export class SampleTeam {
  /** A plan with each kind of relation, a worktree and an agent that runs everything without asking. */
  readonly plan: Plan = {
    agents: [
      {
        window: 2,
        name: 'builder',
        role: 'Writes the greetings in French and Spanish',
        task: 'Add the greetings to src/greet.js. Finished when node src/greet.js prints both.',
        depends_on: [],
        wait_for: [],
        notifies: ['tester'],
      },
      {
        window: 3,
        name: 'tester',
        role: 'Tests every greeting',
        task: 'Write a test for each language.',
        depends_on: ['builder'],
        wait_for: ['builder'],
        notifies: [],
        permission_mode: 'acceptEdits',
      },
      {
        window: 4,
        name: 'writer',
        role: 'Describes them in the README',
        depends_on: ['builder'],
        wait_for: [],
        notifies: ['tester'],
      },
    ],
  };

  private constructor(
    private readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly socket: string,
    readonly window: StoryWindow,
  ) {}

  static async open(settings: Readonly<Record<string, unknown>> = {}, language?: string): Promise<SampleTeam> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'ss-')));
    try {
      mkdirSync(join(dir, 'tmux'), { mode: 0o700 });
      const env = { TACO_HOME: join(dir, 't'), TMUX_TMPDIR: join(dir, 'tmux') };
      const socket = `sample-${process.pid}`;
      const window = await openStory({
        env,
        settings: { 'taco.tmux.socket': socket, ...settings },
        ...(language === undefined ? {} : { language }),
      });
      return new SampleTeam(dir, env, socket, window);
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Returns the document of the plan under review from disk; empty before there is one. */
  document(): string {
    const file = join(
      new TacoPaths(this.env, this.dir).projectDir(projectIdOf(realpathSync(this.window.workspace))),
      'plan.taco-plan.json',
    );
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Writes a file of the story as JSON; returns its path. */
  write(name: string, value: unknown): string {
    const path = join(this.dir, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  }

  /** Runs the `taco` command on the story's project, as from a shell beside VS Code. */
  taco(...args: string[]): string {
    return execFileSync(
      process.execPath,
      [join(process.cwd(), 'dist', 'taco.js'), ...args, '--project', this.window.workspace],
      { env: { ...process.env, ...this.env }, encoding: 'utf8' },
    );
  }

  async close(): Promise<void> {
    await this.window.close();
    try {
      execFileSync('tmux', ['-L', this.socket, 'kill-server'], {
        env: { ...process.env, ...this.env },
        stdio: 'ignore',
      });
    } catch {
      // No tmux server was started.
    }
    await stopRedis(new TacoPaths(this.env, this.dir));
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
