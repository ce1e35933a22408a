import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { targetOf } from '../../src/core/messages/address';
import { newCommandId } from '../../src/core/messages/newCommand';
import { RedisCommandProducer } from '../../src/redis/queue/commandProducer';
import type { Team } from '../../src/team/team';
import { isMonitor } from '../bench/cpu';
import { TestTeam } from '../support/team';
import type { Sample } from './growth';
import type { WindowFacts, WindowOrder } from './windowProcess';

const START_SECONDS = 180;
/** That wait for one agent at most: enough that its lane never runs dry. */
const WAITING_EACH = 60;

/** A team of scripted agents that `taco up` leads, with its dashboard and an extension host's part beside it. */
export class SoakTeam {
  private readonly bed = new TestTeam();
  private readonly received = join(this.bed.dir, 'received.jsonl');
  private leader: ChildProcess | null = null;
  private window: ChildProcess | null = null;
  private output = '';
  private team!: Team;
  private producer!: RedisCommandProducer;
  private session = '';
  private began = 0;
  private base = 0;
  readonly sent = new Map<number, number[]>();

  constructor(private readonly agents: number) {}

  async start(): Promise<void> {
    this.team = await this.bed.open();
    this.producer = new RedisCommandProducer(this.team.redis, this.team.keys);
    const plan = join(this.bed.dir, 'plan.json');
    const names = Array.from({ length: this.agents }, (_, i) => ({
      window: i + 2,
      name: `agent${i + 2}`,
      role: 'takes messages',
    }));
    writeFileSync(plan, JSON.stringify({ agents: names }));
    const env = {
      ...this.bed.env,
      TACO_SCRIPTED_WORK_MS: '0',
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_START_MS: '0',
      TACO_SCRIPTED_RECEIVED: this.received,
    };
    const options = ['--plan', plan, '--yes', '--profile', 'scripted', '--agent-command', resolve('out/soak/agent.js')];
    this.leader = spawn(
      process.execPath,
      [resolve('out/soak/taco.js'), 'up', ...options, '--socket', this.bed.socket, '--project', this.bed.project],
      { cwd: this.bed.project, env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const keep = (chunk: Buffer): void => void (this.output = (this.output + chunk.toString()).slice(-4000));
    this.leader.stdout?.on('data', keep);
    this.leader.stderr?.on('data', keep);
    const running = await this.bed
      .until(
        this.team,
        'a team whose agents are idle',
        START_SECONDS,
        ({ session, agents, counters }) =>
          session?.phase === 'running' &&
          counters.pending + counters.processing === 0 &&
          agents.length === this.agents + 1 &&
          agents.every(({ status }) => status === 'idle'),
      )
      .catch((error: unknown) => {
        throw new Error(`${String(error)}\n${this.output}`);
      });
    this.session = running.session?.tmux_session ?? '';
    this.base = running.counters.executed;
    await this.openWindow();
    this.began = Date.now();
  }

  /** Sends numbered messages in turn, as many as may wait, until so many were sent in all; resolves when all of them have been received. */
  async carry(until: number): Promise<void> {
    let sent = this.count;
    for (;;) {
      const executed = await this.executed();
      if (executed >= until) return;
      if (this.leader?.exitCode !== null) throw new Error(`The leader has ended: ${this.output}`);
      const room = Math.min(until - sent, WAITING_EACH * this.agents - (sent - executed));
      await Promise.all(Array.from({ length: Math.max(0, room) }, () => this.send(sent++)));
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async sample(): Promise<Sample> {
    const { rssMb, heapMb } = await this.windowFacts();
    const info = String(await this.team.redis.call('INFO', 'memory'));
    const { paths } = this.bed;
    return {
      messages: await this.executed(),
      seconds: Math.round((Date.now() - this.began) / 1000),
      leader: residentMb(this.leader?.pid ?? 0),
      monitor: residentMb(this.monitorPid()),
      window: rssMb,
      windowHeap: heapMb,
      redis: Number(/^used_memory:(\d+)/m.exec(info)?.[1]) / 2 ** 20,
      log: sizeMb(paths.logDir),
      aof: sizeMb(join(paths.redisDir, 'appendonlydir')) + sizeMb(join(paths.redisDir, 'appendonly.aof')),
    };
  }

  /** Numbers that an agent's CLI was given, in their order. */
  receivedBy(window: number): number[] {
    const lines = existsSync(this.received) ? readFileSync(this.received, 'utf8').trim().split('\n') : [];
    return lines
      .map((line) => JSON.parse(line) as { window: number; prompt: string })
      .filter((line) => line.window === window)
      .flatMap(({ prompt }) => {
        const number = /: soak (\d+)$/.exec(prompt)?.[1];
        return number === undefined ? [] : [Number(number)];
      });
  }

  async dispose(): Promise<void> {
    const { window, leader } = this;
    if (window && window.exitCode === null) {
      const ended = once(window, 'exit');
      window.disconnect();
      await ended;
    }
    if (leader && leader.exitCode === null) {
      const ended = once(leader, 'exit');
      leader.kill('SIGTERM');
      await ended;
    }
    await this.bed.dispose();
  }

  private get count(): number {
    return [...this.sent.values()].reduce((sum, numbers) => sum + numbers.length, 0);
  }

  private async executed(): Promise<number> {
    return Number((await this.team.redis.call('GET', this.team.keys.executedTotal)) ?? 0) - this.base;
  }

  private async send(n: number): Promise<void> {
    const window = 2 + (n % this.agents);
    const numbers = this.sent.get(window) ?? [];
    this.sent.set(window, numbers);
    numbers.push(n);
    await this.producer.enqueue({
      id: newCommandId(),
      type: 'tmux_message',
      target: targetOf(this.session, window),
      message: `[USER → AGENT-${window}]: soak ${n}`,
      priority: 'normal',
      timestamp: new Date().toISOString(),
      sender: 'USER',
      secret: null,
    });
  }

  private async openWindow(): Promise<void> {
    const order: WindowOrder = {
      project: this.bed.project,
      env: this.bed.env,
      tmuxSocket: this.bed.socket,
      tacoScript: resolve('out/soak/taco.js'),
    };
    this.window = fork(resolve('out/soak/window.js'), [JSON.stringify(order)], {
      env: this.bed.env,
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await this.windowSays();
  }

  private async windowFacts(): Promise<WindowFacts> {
    const { window } = this;
    if (!window) throw new Error('The window is not open.');
    const answer = this.windowSays();
    window.send('facts');
    return (await answer) as WindowFacts;
  }

  private async windowSays(): Promise<unknown> {
    const { window } = this;
    if (!window) throw new Error('The window is not open.');
    if (window.exitCode !== null) throw new Error('The window has ended.');
    const over = new AbortController();
    try {
      const exit = once(window, 'exit', over).then(() => Promise.reject(new Error('The window has ended.')));
      const [said] = (await Promise.race([once(window, 'message', over), exit])) as [unknown];
      return said;
    } finally {
      over.abort();
    }
  }

  private monitorPid(): number {
    const panes = execFileSync('tmux', ['-L', this.bed.socket, 'list-panes', '-a', '-F', '#{pane_pid}'], {
      env: this.bed.env,
      encoding: 'utf8',
    });
    const pids = panes.trim().split('\n').map(Number);
    return pids.find(isMonitor) ?? 0;
  }
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Of a file, or of all files in a folder; 0 when it is not there. A file that goes meanwhile counts as gone. */
function sizeMb(path: string): number {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) return 0;
  if (!facts.isDirectory()) return facts.size / 2 ** 20;
  return readdirSync(path).reduce((sum, name) => sum + sizeMb(join(path, name)), 0);
}
