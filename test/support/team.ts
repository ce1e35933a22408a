import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from '../../src/core/base/logger';
import { TacoPaths } from '../../src/core/programs/paths';
import type { Snapshot } from '../../src/core/team/snapshot';
import { Engine } from '../../src/orchestrator/engine';
import { isTransient } from '../../src/redis/client/redisCommands';
import { stopRedis } from '../../src/redis/server/redisServer';
import { defaultSettings, type EngineSettings } from '../../src/team/engineSettings';
import { openTeam, type Team } from '../../src/team/team';
import { endSurvivors, processesOfPanes } from '../../src/tmux/session/processTree';
import { waitUntil } from './waitUntil';

/** A logger that records its entries, for a failing test to show. */
export class MemoryLogger implements Logger {
  readonly lines: string[] = [];
  trace = (event: string, fields?: Record<string, unknown>): void => this.add('trace', event, fields);
  debug = (event: string, fields?: Record<string, unknown>): void => this.add('debug', event, fields);
  info = (event: string, fields?: Record<string, unknown>): void => this.add('info', event, fields);
  warn = (event: string, fields?: Record<string, unknown>): void => this.add('warn', event, fields);
  error = (event: string, fields?: Record<string, unknown>): void => this.add('error', event, fields);
  private add(level: string, event: string, fields: Record<string, unknown> = {}): void {
    this.lines.push(`${new Date().toISOString().slice(11, 23)} ${level} ${event} ${JSON.stringify(fields)}`);
  }
}

/** Time limit for an agent to end after its terminal, before it is killed, milliseconds. */
const AGENTS_END_MS = 5000;

/** Time for a key to take effect before it is pressed again, milliseconds. */
const KEY_EFFECT_MS = 2000;

/** The whole engine on the test's own Redis, tmux server and folders; `dispose` ends and removes all of it. */
export class TestTeam {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-team-')));
  readonly project = join(this.dir, 'project');
  readonly home = join(this.dir, 'home');
  readonly socket = `taco-test-${process.pid}-${randomBytes(3).toString('hex')}`;
  readonly env: Record<string, string>;
  readonly paths: TacoPaths;
  readonly log = new MemoryLogger();
  private readonly engines: Engine[] = [];
  private readonly teams: Team[] = [];

  /** @param redisUrl a Redis that the test started; undefined: TACO's own */
  constructor(readonly redisUrl?: string) {
    mkdirSync(this.project);
    mkdirSync(this.home);
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      LANG: 'C.UTF-8',
      TMUX_TMPDIR: this.dir,
      TACO_HOME: join(this.dir, 't'),
      TERM: 'xterm-256color',
    };
    this.paths = new TacoPaths(this.env, this.home);
  }

  async open(): Promise<Team> {
    const team = await openTeam({
      projectDir: this.project,
      paths: this.paths,
      env: this.env,
      redisUrl: this.redisUrl,
      startRedis: true,
      logger: this.log,
    });
    this.teams.push(team);
    return team;
  }

  async engine(team: Team, settings: Partial<EngineSettings>): Promise<Engine> {
    const engine = new Engine(
      team,
      {
        ...defaultSettings,
        tmuxSocket: this.socket,
        tacoCommand: [process.execPath, resolve('dist/taco.js')],
        ...settings,
      },
      this.log,
    );
    this.engines.push(engine);
    await engine.start();
    return engine;
  }

  /**
   * Resolves with the first snapshot that `is` accepts; throws with the log and the last snapshot after `seconds`. A
   * Redis that is away or starved for a moment only delays it.
   */
  async until(team: Team, what: string, seconds: number, is: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    let last: Snapshot | undefined;
    const accepted = async (): Promise<Snapshot | null> => {
      const snapshot = await team.snapshot().catch((error: unknown) => {
        if (isTransient(error)) return null;
        throw error;
      });
      if (snapshot === null) return null;
      last = snapshot;
      return is(last) ? last : null;
    };
    return await waitUntil(accepted, seconds * 1000, what, {
      pauseMs: 50,
      details: () => (last ? this.describe(last) : ''),
    });
  }

  tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...args], {
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Returns what the terminal shows. */
  screen(pane: string): string {
    return this.tmux('capture-pane', '-p', '-t', pane);
  }

  /**
   * Presses a key until it has the expected effect. A dialog that was just drawn refuses keys, and each refused key
   * prolongs that (measured with Claude Code 2.1.332: of Enter every 20 ms it took the 195th, of every 500 ms the
   * second), so each press gets time for its effect. Throws with the screen.
   */
  async press(pane: string, key: string, what: string, hasEffect: () => Promise<boolean> | boolean): Promise<void> {
    let presses = 0;
    let pressedAt = -Infinity;
    const pressed = async (): Promise<boolean> => {
      if (await hasEffect()) return true;
      if (Date.now() - pressedAt < KEY_EFFECT_MS) return false;
      this.tmux('send-keys', '-t', pane, key);
      presses += 1;
      pressedAt = Date.now();
      return false;
    };
    await waitUntil(pressed, 30_000, what, {
      pauseMs: 50,
      details: () => `${key} was pressed ${presses} times, and the terminal shows:\n${linesOf(this.screen(pane))}`,
    });
  }

  /**
   * Ends the tmux server, and resolves when it has ended: a server that is ending would accept the next command and
   * lose it.
   */
  async killServer(): Promise<void> {
    this.tmux('kill-server');
    const hasEnded = (): boolean => {
      try {
        this.tmux('list-sessions');
        return false;
      } catch (error) {
        return /no server running|No such file/.test(String(error));
      }
    };
    await waitUntil(hasEnded, 5000, 'the end of the tmux server', { pauseMs: 20 });
  }

  describe(snapshot: Snapshot): string {
    const screens = snapshot.agents
      .filter(({ pane }) => pane !== '')
      .map(({ name, pane }) => {
        try {
          return `--- ${name}\n${linesOf(this.screen(pane))}`;
        } catch {
          return `--- ${name}: no pane`;
        }
      });
    const messages = snapshot.messages.map(
      ({ id, target, sender, state, reason, message, history }) =>
        `${id} ${sender}→${target} ${state} ${reason} ${message.slice(0, 60)} ${history.map((h) => h.state + (h.reason ? `(${h.reason})` : '')).join('>')}`,
    );
    return [
      JSON.stringify(snapshot.session),
      ...(snapshot.limits ?? []).map((limit) => JSON.stringify(limit)),
      ...snapshot.agents.map(({ name, status, activity }) => `${name}: ${status} ${activity}`),
      // The list of failures at the end of a run has the first lines only.
      ...screens,
      ...messages,
      JSON.stringify(snapshot.plan)?.slice(0, 500) ?? '',
      ...snapshot.activity.map(({ text }) => text),
      ...this.log.lines.slice(-60),
    ].join('\n');
  }

  /** Ends all processes; the folders stay. */
  async stop(): Promise<void> {
    for (const engine of this.engines.splice(0)) await engine.shutdown();
    for (const team of this.teams.splice(0)) team.dispose();
    try {
      const panes = this.tmux('list-panes', '-a', '-f', '#{==:#{pane_dead},0}', '-F', '#{pane_pid} #{pane_tty}');
      const agents = await processesOfPanes(
        panes.split('\n').map((line) => {
          const [pid, tty = ''] = line.split(' ');
          return { pid: Number(pid), tty };
        }),
      );
      this.tmux('kill-server');
      // A CLI takes a moment to end, and sends its last hook report meanwhile.
      await endSurvivors(agents, AGENTS_END_MS);
    } catch {
      // Ended already.
    }
    await stopRedis(this.paths);
  }

  async dispose(): Promise<void> {
    await this.stop();
    // A CLI whose terminal was closed may still write its last output.
    await rm(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Returns the last lines of a screen that have text. */
function linesOf(screen: string): string {
  const lines = screen.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-25).join('\n');
}
