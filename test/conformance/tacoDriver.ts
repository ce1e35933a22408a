import { setTimeout as sleep } from 'node:timers/promises';
import { newCommandId } from '../../src/core/messages/newCommand';
import type { Plan } from '../../src/core/models';
import type { TacoPaths } from '../../src/core/programs/paths';
import type { MessageView, Snapshot } from '../../src/core/team/snapshot';
import { pairOf, saveProbe } from '../../src/environment/prerequisites/probeResults';
import { RedisCommandProducer } from '../../src/redis/queue/commandProducer';
import type { Team } from '../../src/team/team';
import { checkTmux } from '../../src/tmux/client/runTmux';
import { TestTeam } from '../support/team';
import type { Bed } from './bed';
import { spawned } from './childProcess';
import { ANSWERED, type HomeOptions } from './clis/cli';
import type { Seat, Sent } from './driver';

/** Stores a successful trial of the version, which the whole suite tries out instead. */
async function knows(paths: TacoPaths, { cli, version }: Bed): Promise<void> {
  const pair = pairOf(cli.name, version, await checkTmux('tmux', process.env));
  await saveProbe(paths, pair, { at: Date.now(), ok: true, steps: [] });
}

/** The whole of TACO: Redis, tmux server, engine, and agents of the real CLI. */
export class OursTeam {
  private constructor(
    readonly test: TestTeam,
    readonly team: Team,
  ) {}

  /** Starts a session with Mother and `agents` agents; with `wait`, waits until each has its opening task. */
  static async start(bed: Bed, agents: number, home: HomeOptions = ANSWERED, wait = true): Promise<OursTeam> {
    const started = await OursTeam.begin(bed, agents, home);
    const { test, team } = started;
    try {
      // The hook report comes before the call to the model: judging begins only when the model has the opening task.
      const hasTask = ({ agents: present }: Snapshot): boolean =>
        present.filter(({ window }) => window > 1).every(({ sessionId }) => bed.given(sessionId).length > 0);
      if (wait)
        await test.until(
          team,
          'every agent with its opening task',
          90,
          (snapshot) => isRunning(snapshot, agents) && hasTask(snapshot),
        );
      else
        await test.until(
          team,
          'panes',
          60,
          ({ agents: present }) => present.length === Math.max(1, agents) && present.every(({ pane }) => pane !== ''),
        );
      return started;
    } catch (error) {
      await test.dispose();
      throw error;
    }
  }

  /** Requests a session with Mother and `agents` agents, and waits for nothing. */
  static async begin(bed: Bed, agents: number, home: HomeOptions = ANSWERED): Promise<OursTeam> {
    const test = new TestTeam();
    try {
      // The engine sets PATH: its own `taco` comes first there.
      const agentEnv = Object.fromEntries(
        Object.entries(await bed.home(test.project, home)).filter(([name]) => name !== 'PATH'),
      );
      const team = await test.open();
      await knows(team.options.paths, bed);
      await test.engine(team, {
        profile: bed.cli.name,
        agentCommand: bed.executable,
        agentEnv,
        autoApprove: true,
        tacoCommand: [process.execPath, bed.taco],
      });
      await team.request({
        kind: 'start',
        goal: 'Be sent messages',
        ...(agents > 0 ? { plan: JSON.stringify(planOf(agents)) } : {}),
      });
      return new OursTeam(test, team);
    } catch (error) {
      await test.dispose();
      throw error;
    }
  }

  /** Returns the seat in a window: an agent's (from 2 up), or Mother's (0). */
  async seat(window: number): Promise<OursSeat> {
    const snapshot = await this.team.snapshot();
    const record = snapshot.agents.find((agent) => agent.window === window);
    if (!record) throw new Error(`no agent in window ${window}\n${this.test.describe(snapshot)}`);
    return new OursSeat(
      this.test,
      this.team,
      window,
      record.pane,
      record.sessionId,
      `${snapshot.session?.tmux_session ?? ''}:${window}`,
    );
  }

  async dispose(): Promise<void> {
    await this.test.dispose();
  }
}

function planOf(agents: number): Plan {
  return {
    agents: Array.from({ length: agents }, (_, i) => ({
      window: i + 2,
      name: `agent${i + 2}`,
      role: 'Is sent messages',
      task: 'Wait for messages',
      depends_on: [],
      notifies: [],
      wait_for: [],
    })),
  };
}

function isRunning({ session, messages }: Snapshot, agents: number): boolean {
  return (
    session?.phase === 'running' &&
    messages.filter(({ type, state }) => type === 'task' && state === 'received').length === agents
  );
}

export class OursSeat implements Seat {
  readonly kind = 'ours';
  readonly envelope: string;
  readonly tmuxPrefix: readonly string[];
  readonly tmuxEnv: Readonly<Record<string, string>>;
  private readonly producer: RedisCommandProducer;

  constructor(
    readonly test: TestTeam,
    readonly team: Team,
    readonly window: number,
    readonly pane: string,
    private conversation: string,
    private readonly target: string,
  ) {
    this.envelope = `[USER → ${window === 0 ? 'MOTHER' : `AGENT-${window}`}]: `;
    this.tmuxPrefix = ['-u', '-L', test.socket];
    this.tmuxEnv = test.env;
    this.producer = new RedisCommandProducer(team.redis, team.keys);
  }

  /** Empty until a CLI that chooses its own conversation ids has done so. */
  get sessionId(): string {
    return this.conversation;
  }

  tmux(...args: string[]): Promise<string> {
    return spawned('tmux', [...this.tmuxPrefix, ...args], this.tmuxEnv);
  }

  /**
   * Puts the text into the queue as `taco send` does, but without adding an envelope: the text has its own, or must
   * have none.
   */
  async send(text: string, when?: 'idle'): Promise<Sent> {
    const at = Date.now();
    const id = newCommandId();
    await this.producer.enqueue({
      id,
      type: 'tmux_message',
      target: this.target,
      message: text,
      priority: 'normal',
      timestamp: new Date(at).toISOString(),
      sender: 'USER',
      secret: null,
      ...(when && { when }),
    });
    return this.sent(id, text, at);
  }

  sent(id: string, text: string, at: number): Sent {
    const view = async (): Promise<MessageView> => {
      const found = await this.team.message(id);
      if (!found) throw new Error(`message ${id} is nowhere`);
      return found;
    };
    return {
      text,
      at,
      report: async () => {
        const { state, reason, endedAt } = await view();
        if (this.conversation === '')
          this.conversation =
            (await this.team.snapshot()).agents.find(({ window }) => window === this.window)?.sessionId ?? '';
        return {
          ended: endedAt !== undefined || ['received', 'dead', 'uncertain'].includes(state),
          success: state === 'received',
          words: reason ? `${state} (${reason})` : state,
        };
      },
      held: async () => {
        const { state, reason } = await view();
        if (state === 'held') return reason;
        if (state !== 'queued') return '';
        // It waits behind another message, so it has the same reason.
        const { messages } = await this.team.snapshot();
        return messages.find((message) => message.target === this.target && message.state === 'held')?.reason ?? '';
      },
    };
  }

  async waiting(): Promise<number> {
    return (await this.team.snapshot()).agents.find(({ window }) => window === this.window)?.waiting ?? 0;
  }

  async relaunch(): Promise<void> {
    const pid = async (): Promise<string> =>
      this.tmux('display-message', '-p', '-t', this.pane, '#{pane_pid} #{pane_dead}');
    const before = await pid();
    await this.team.request({ kind: 'relaunch', window: this.window });
    for (const deadline = Date.now() + 10_000; (await pid()) === before && Date.now() < deadline;) await sleep(20);
  }

  async leaveShell(): Promise<void> {
    await this.tmux('respawn-pane', '-k', '-t', this.pane, 'env', 'PS1=$ ', 'bash', '--norc', '-i');
  }
}
