/**
 * A team that exists only in Redis: a leader without an engine, agents without terminals, and messages whose histories
 * are written at any speed.
 */
import type { AgentState } from '../../src/core/agents/agentState';
import { labelOfWindow } from '../../src/core/messages/address';
import { newCommandId } from '../../src/core/messages/newCommand';
import type { TacoPaths } from '../../src/core/programs/paths';
import { systemClock } from '../../src/environment/systemClock';
import { Keys, projectIdOf } from '../../src/redis/client/keys';
import { RedisLease } from '../../src/redis/leadership/lease';
import { RedisCommandProducer } from '../../src/redis/queue/commandProducer';
import { RedisCommandConsumer } from '../../src/redis/queue/redisQueue';
import { stopRedis } from '../../src/redis/server/redisServer';
import { openTeam, type Team } from '../../src/team/team';
import { silentLogger } from './loggers';

const SESSION = 'taco-synthetic';
const STEPS = ['typing', 'typed', 'entered', 'delivered'] as const;
/**
 * Number of events on `monitor:events` for one message: queued, four steps, its end, and its agent busy and idle again.
 */
const EVENTS_A_MESSAGE = STEPS.length + 4;

export class SyntheticTeam {
  private sent = 0;
  private constructor(
    readonly paths: TacoPaths,
    readonly team: Team,
    private readonly lease: RedisLease,
    private readonly producer: RedisCommandProducer,
    private readonly consumer: RedisCommandConsumer,
    private readonly agents: number,
  ) {}

  /**
   * Creates a session with Mother and `agents` agents in the Redis of `paths`, for the project in `dir`. A process that
   * opens `dir` finds it running, with a leader.
   */
  static async begin(dir: string, paths: TacoPaths, agents: number): Promise<SyntheticTeam> {
    const team = await openTeam({
      projectDir: dir,
      paths,
      env: process.env,
      redisUrl: undefined,
      startRedis: true,
      logger: silentLogger,
    });
    const keys = new Keys(projectIdOf(team.projectDir));
    const lease = new RedisLease(team.redis, keys, systemClock, silentLogger);
    if ((await lease.acquire()) === null) throw new Error('Another process leads.');
    await team.store.setSession({
      project_dir: team.projectDir,
      started_at: new Date().toISOString(),
      agent_count: agents,
      goal: 'Carry many messages',
      tmux_session: SESSION,
      phase: 'running',
    });
    for (let window = 0; window <= agents + 1; window += 1) {
      if (window === 1) continue;
      await team.store.setAgent(window, {
        name: window === 0 ? 'mother' : `agent${window}`,
        role: 'takes messages',
        status: 'idle',
        workspace: dir,
        profile: 'scripted',
        changedAt: Date.now(),
      });
    }
    await team.writeProjectFile('synthetic');
    const consumer = new RedisCommandConsumer(team.redis, keys, () => lease.epoch, systemClock, silentLogger);
    return new SyntheticTeam(paths, team, lease, new RedisCommandProducer(team.redis, keys), consumer, agents);
  }

  async setAgent(window: number, status: AgentState, activity = ''): Promise<void> {
    await this.team.store.setAgent(window, { status, activity, changedAt: Date.now() });
  }

  /** Queues a message of the user or of TACO. Messages between agents need a proof; this sends them as TACO's. */
  async enqueue(window: number, text: string, sender: 'USER' | 'TACO' = 'USER'): Promise<string> {
    const id = newCommandId();
    await this.producer.enqueue({
      id,
      type: 'tmux_message',
      target: `${SESSION}:${window}`,
      message: `[${sender} → ${labelOfWindow(window)}]: ${text}`,
      priority: 'normal',
      timestamp: new Date().toISOString(),
      sender,
      secret: null,
    });
    return id;
  }

  /** Writes one message's whole history, `pauseMs` between its steps. */
  async message(pauseMs = 0): Promise<void> {
    const window = 2 + (this.sent++ % this.agents);
    await this.enqueue(
      window,
      `Message ${this.sent}: the schema of part ${this.sent % 7} is ready, please look at it`,
      this.sent % 3 === 0 ? 'TACO' : 'USER',
    );
    const pause = (): Promise<void> => systemClock.sleep(pauseMs);
    for (const pending of await this.consumer.read(10, 0)) {
      for (const step of STEPS) {
        await pause();
        await this.consumer.phase(pending.command.id, step);
      }
      await this.setAgent(window, 'busy', `Reads message ${this.sent}`);
      await pause();
      await this.consumer.done(pending, 'received');
      await this.setAgent(window, 'idle');
    }
  }

  /** Writes histories at a rate until `until` resolves; resolves with the number of events. */
  async drive(eventsPerSecond: number, until: Promise<unknown>): Promise<number> {
    let going = true;
    void until.finally(() => (going = false));
    const every = (1000 * EVENTS_A_MESSAGE) / eventsPerSecond;
    const begun = performance.now();
    const running: Promise<void>[] = [];
    for (let count = 1; going; count += 1) {
      running.push(this.message(every / 4));
      await systemClock.sleep(Math.max(0, begun + count * every - performance.now()));
    }
    await Promise.all(running);
    return running.length * EVENTS_A_MESSAGE;
  }

  async close(): Promise<void> {
    await this.lease.release();
    this.team.dispose();
    await stopRedis(this.paths);
  }
}
