/**
 * A team of scripted agents in a VS Code window, in a git repository: for stories about messages and changes, at no
 * model cost.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../../src/core/models';
import { TacoPaths } from '../../../src/core/programs/paths';
import { projectIdOf } from '../../../src/redis/client/keys';
import { stopRedis } from '../../../src/redis/server/redisServer';
import { openStory, type StoryWindow } from '../../harness/openStory';

const block = (plan: Plan): string => `AGENT_SPEC_JSON_START\n${JSON.stringify(plan)}\nAGENT_SPEC_JSON_END`;

export class ScriptedTeam {
  private readonly leaders: ChildProcess[] = [];

  private constructor(
    private readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly socket: string,
    readonly window: StoryWindow,
  ) {}

  /** Opens the window; the team starts when the story starts it, and gets `plan` without a review. */
  static async open(
    plan: Plan,
    settings: Readonly<Record<string, unknown>> = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<ScriptedTeam> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'tc-')));
    const git = {
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@localhost',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@localhost',
    };
    const env = {
      ...git,
      HOME: dir,
      TACO_HOME: join(dir, 't'),
      TMUX_TMPDIR: join(dir, 'tmux'),
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_PLANS: join(dir, 'plans.json'),
      TACO_SCRIPTED_RECEIVED: join(dir, 'received.jsonl'),
      TACO_SCRIPTED_TRANSCRIPTS: dir,
      ...more,
    };
    mkdirSync(env.TMUX_TMPDIR, { mode: 0o700 });
    writeFileSync(env.TACO_SCRIPTED_PLANS, JSON.stringify([block(plan)]));
    const socket = `story-${process.pid}`;
    try {
      const window = await openStory({
        env,
        settings: {
          'taco.tmux.socket': socket,
          'taco.agent.profile': 'scripted',
          'taco.autoApprove': true,
          ...settings,
        },
      });
      const team = new ScriptedTeam(dir, env, socket, window);
      team.git('init', '-q', '-b', 'main');
      team.git('add', '--all');
      team.git('commit', '-q', '-m', 'The sample');
      return team;
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Returns the prompts that reached an agent, oldest first. */
  received(agent: string): readonly string[] {
    const file = this.env['TACO_SCRIPTED_RECEIVED'] ?? '';
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { agent: string; prompt?: string });
    return lines.flatMap(({ agent: name, prompt }) => (name === agent && prompt !== undefined ? [prompt] : []));
  }

  /** Folder of the team's worktrees: `SESSION/AGENT` below it. */
  get worktrees(): string {
    return new TacoPaths(this.env, this.dir).worktreesDir(projectIdOf(this.window.workspace));
  }

  /** Runs tmux on the team's server. */
  tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...args], {
      env: { ...process.env, ...this.env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  /** Returns everything that an agent's terminal has shown. */
  screen(agent: string): string {
    const { agents } = JSON.parse(this.taco('agents', '--json')) as {
      agents: readonly { name: string; pane: string }[];
    };
    return this.tmux('capture-pane', '-p', '-J', '-S', '-', '-t', agents.find(({ name }) => name === agent)!.pane);
  }

  /** Runs the `taco` command on the team's project, as from a shell beside VS Code. */
  taco(...args: string[]): string {
    return execFileSync(
      process.execPath,
      [join(process.cwd(), 'dist', 'taco.js'), ...args, '--project', this.window.workspace],
      { env: { ...process.env, ...this.env }, encoding: 'utf8' },
    );
  }

  /** Leads another team on the same machine, in a new folder, until the story closes. Returns its folder. */
  upElsewhere(name: string, plan: Plan, env: Readonly<Record<string, string>> = {}): string {
    const folder = join(this.dir, name);
    mkdirSync(folder);
    const args = ['up', '--yes', '--plan', this.write(`${name}.json`, plan), '--goal', `The goal of ${name}`];
    const leader = spawn(
      process.execPath,
      [join(process.cwd(), 'dist', 'taco.js'), ...args, '--profile', 'scripted', '--socket', this.socket],
      { cwd: folder, env: { ...process.env, ...this.env, ...env }, stdio: 'ignore' },
    );
    this.leaders.push(leader);
    return folder;
  }

  /** Writes a file of the story as JSON; returns its path. */
  write(name: string, value: unknown): string {
    const path = join(this.dir, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.window.workspace,
      env: { ...process.env, ...this.env },
      encoding: 'utf8',
    });
  }

  async close(): Promise<void> {
    for (const leader of this.leaders) leader.kill('SIGINT');
    await this.window.close();
    try {
      this.tmux('kill-server');
    } catch {
      // It was never started, or has ended.
    }
    await stopRedis(new TacoPaths(this.env, this.dir));
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
