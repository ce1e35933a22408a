import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentRecord } from '../../src/core/agents/agentRecord';
import type { Plan } from '../../src/core/models';
import type { Team } from '../../src/team/team';
import { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';
import {
  RECEIPT_TO_NOTE_MS,
  account,
  type Account,
  type Fate,
  type Got,
  type Kill,
  type Sent,
} from './checkInvariants';
import { Leaders } from './leaders';

export interface StressOptions {
  readonly agents: number;
  /** Path of a bundled `taco`, with its engine beside it. */
  readonly taco: string;
  readonly seed: number;
}

/** Open messages per agent that the sender maintains in the queue. */
const OPEN_PER_AGENT = 2;
const DRAIN_MS = 120_000;

/**
 * A team of scripted agents under load: its leaders, a sender that never pauses, and the record of received prompts.
 */
export class StressRun {
  readonly bed = new TestTeam();
  readonly leaders: Leaders;
  readonly kills: Kill[] = [];
  readonly random: () => number;
  readonly names: readonly string[];
  private readonly accounts: readonly string[];
  /** Sends that were refused with an error: without an acknowledgement there is no promise. */
  refused = 0;
  team!: Team;
  private readonly sent: Sent[] = [];
  private readonly log = join(this.bed.dir, 'received.jsonl');
  private serial = 0;
  private sending: Promise<void> = Promise.resolve();
  private stopped = true;

  /**
   * @param moreEnv further variables of the agents, by the run's folder
   * @param accounts contents of `--accounts FILE` by the run's folder; the agents use them in turn
   */
  constructor(
    options: StressOptions,
    moreEnv: (dir: string) => Readonly<Record<string, string>> = () => ({}),
    accounts: (dir: string) => Readonly<Record<string, object>> = () => ({}),
  ) {
    const file = join(this.bed.dir, 'accounts.json');
    const all = accounts(this.bed.dir);
    this.accounts = Object.keys(all);
    writeFileSync(file, JSON.stringify(all));
    this.random = seeded(options.seed);
    this.names = Array.from({ length: options.agents }, (_, n) => `agent${n}`);
    this.leaders = new Leaders({
      taco: options.taco,
      args: [
        '--project',
        this.bed.project,
        '--socket',
        this.bed.socket,
        '--profile',
        'scripted',
        '--yes',
        '--accounts',
        file,
      ],
      env: {
        ...this.bed.env,
        TACO_SCRIPTED_QUIET: '1',
        TACO_SCRIPTED_WORK_MS: '20',
        TACO_SCRIPTED_RECEIVED: this.log,
        ...moreEnv(this.bed.dir),
      },
    });
  }

  async start(): Promise<void> {
    this.team = await this.bed.open();
    const agents: Plan['agents'] = this.names.map((name, n) => ({
      window: n + 2,
      name,
      role: 'takes messages',
      depends_on: [],
      notifies: [],
      wait_for: [],
      ...(this.accounts.length > 0 ? { account: this.accounts[n % this.accounts.length] ?? '' } : {}),
    }));
    this.leaders.want(1, ['--plan', '-'], JSON.stringify({ agents }));
    await this.until('the team runs', 180_000, async () => (await this.team.store.session())?.phase === 'running');
  }

  /** Sends to all agents in turn until `rest` is called. */
  fire(fault: string): void {
    this.stopped = false;
    this.sending = this.send(fault);
  }

  /** Stops sending and waits until every message has ended. */
  async rest(): Promise<void> {
    this.stopped = true;
    await this.sending;
    await this.until('every message has ended', DRAIN_MS, async () => {
      await this.team.drainSpool();
      return (await this.open()) === 0;
    });
    await sleep(500); // the receipt comes before an agent's own record
  }

  /** Ends the machine's whole session as a reboot does: the leader and the tmux server. The leaders resume the team. */
  async reboot(): Promise<void> {
    const pid = await this.leader();
    await this.bed.killServer();
    this.kills.push(...this.names.map((agent) => ({ fault: 'reboot', agent, at: Date.now() })));
    if (pid !== null && (await this.leaders.kill(pid))) await this.dropLease(pid);
  }

  /**
   * Sorts prompts that no agent recorded: uncertain as TACO says, cut short by a kill just after the receipt (at most
   * one for each kill of the agent, which has one message in flight), or lost.
   */
  async missing(prompts: readonly string[]): Promise<Record<'uncertain' | 'cutShort' | 'lost', readonly string[]>> {
    const found = { uncertain: [] as string[], cutShort: [] as string[], lost: [] as string[] };
    const unused = [...this.kills];
    for (const { id, agent, prompt } of this.sent.filter((each) => prompts.includes(each.prompt))) {
      const { state = 'gone', endedAt = 0, history = [] } = (await this.team.message(id)) ?? {};
      const kill = unused.findIndex((each) => each.agent === agent && Math.abs(each.at - endedAt) < RECEIPT_TO_NOTE_MS);
      const wasCut = state === 'received' && kill >= 0;
      if (wasCut) unused.splice(kill, 1);
      const fate = state === 'uncertain' ? 'uncertain' : wasCut ? 'cutShort' : 'lost';
      const killedAt = this.kills.filter((each) => each.agent === agent).map(({ at }) => at);
      const states = history.map((each) => `${each.at} ${each.state} ${each.reason}`.trim());
      found[fate].push(fate === 'lost' ? `${prompt} (${states.join(', ')}; killed ${killedAt.join(', ')})` : prompt);
    }
    return found;
  }

  /** Returns when the last typing of each prompt began, milliseconds since the epoch; absent: it was not typed. */
  async typedAt(prompts: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const times = new Map<string, number>();
    for (const { id, prompt } of this.sent.filter((each) => prompts.includes(each.prompt))) {
      const typing = (await this.team.message(id))?.history.findLast(({ state }) => state === 'typing');
      if (typing) times.set(prompt, typing.at);
    }
    return times;
  }

  /** The exact prompts of the messages acknowledged so far. */
  get prompts(): readonly string[] {
    return this.sent.map(({ prompt }) => prompt);
  }

  /** Number of messages acknowledged so far. */
  get acknowledged(): number {
    return this.sent.length;
  }

  /** Returns the number of messages that have not ended. */
  async open(): Promise<number> {
    const depths = (await this.team.redis.call('HVALS', this.team.keys.depth)) as string[];
    return depths.reduce((sum, depth) => sum + Number(depth), 0);
  }

  /** Returns the process that leads now; null while there is none. */
  async leader(): Promise<number | null> {
    const holder = (await this.team.redis.call('GET', this.team.keys.lease)) as string | null;
    return holder === null ? null : (JSON.parse(holder) as { pid: number }).pid;
  }

  /** Drops a dead leader's lease at once instead of after its 5 s, so that more deaths fit into a minute. */
  async dropLease(pid: number): Promise<void> {
    if ((await this.leader()) === pid) await this.team.redis.call('DEL', this.team.keys.lease);
  }

  async agent(name: string): Promise<AgentRecord | undefined> {
    return (await this.team.store.agents()).find((record) => record.name === name);
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.random() * list.length)];
  }

  between(from: number, to: number): number {
    return from + this.random() * (to - from);
  }

  /**
   * Resolves once the condition holds; errors count as not yet (Redis may be down). Throws with diagnostics after `ms`.
   */
  async until(what: string, ms: number, holds: () => Promise<boolean>): Promise<void> {
    await waitUntil(() => holds().catch(() => false), ms, what, {
      pauseMs: 25,
      slowness: 1,
      details: async () => `${this.leaders.quit.slice(-5).join('\n')}\n${await this.state()}`,
    });
  }

  async account(): Promise<ReadonlyMap<string, Account>> {
    const fates = new Map<string, Fate>();
    for (const { id } of this.sent) {
      const message = await this.team.message(id);
      fates.set(id, { state: message?.state ?? 'gone', endedAt: message?.endedAt ?? 0 });
    }
    return account(this.sent, this.got(), fates, this.kills);
  }

  /** Returns the number of dialogs that were answered by keys for another target. */
  violations(): number {
    return this.got().filter(({ violation }) => violation !== undefined).length;
  }

  async dispose(): Promise<void> {
    this.stopped = true;
    await this.sending;
    this.leaders.stopAll();
    await this.bed.dispose();
  }

  private got(): readonly Got[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Got);
  }

  private async send(fault: string): Promise<void> {
    for (let n = 0; !this.stopped; n++) {
      try {
        if ((await this.open()) >= OPEN_PER_AGENT * this.names.length) {
          await sleep(10);
          continue;
        }
        const index = n % this.names.length;
        const serial = ++this.serial;
        const text = wordsFor(serial);
        const [message] = await this.team.send({ from: { kind: 'user' }, to: this.names[index] ?? '', text });
        if (message)
          this.sent.push({
            id: message.id,
            fault,
            agent: this.names[index] ?? '',
            serial,
            prompt: `[USER → AGENT-${index + 2}]: ${text}`,
          });
      } catch {
        this.refused += 1;
        await sleep(50);
      }
    }
  }

  private async state(): Promise<string> {
    return this.team.snapshot().then((snapshot) => this.bed.describe(snapshot).slice(0, 8000), String);
  }
}

/** Returns texts of several kinds: short, several rows, and texts that tmux or a shell would interpret. */
function wordsFor(serial: number): string {
  const plain = `serial ${serial} of the run`;
  if (serial % 11 === 0) return `${plain}\nwith a second row; and \`a command\` "quoted" $HOME;`;
  if (serial % 7 === 0) return `${plain}: ${'more words that make a row wrap, '.repeat(12)}end\\`;
  return plain;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
