/**
 * Runs two teams with equal folder names through random starts, kills, resumes and stops: nothing of one reaches the
 * other.
 */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Machine, type MachineProject, type Running } from '../support/machine';

export interface TwoTeamsOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Path of a bundled `taco`. */
  readonly taco: string;
  readonly say: (line: string) => void;
}

export interface TwoTeamsResult {
  readonly rounds: number;
  /** Acknowledged messages, and prompts that agents received. */
  readonly sent: number;
  readonly received: number;
  /** Messages, keys or signals of one team that reached the other. */
  readonly crossed: readonly string[];
  /** Agents with two processes at the same time. */
  readonly duplicates: readonly string[];
  /** Processes after both teams were stopped. */
  readonly left: readonly number[];
}

const AGENTS = ['mother', 'api', 'qa'];
const ACTIONS = [
  'kill the leader',
  'kill an agent',
  'close the session',
  'delete the socket',
  'stop',
  'leave',
] as const;

/** One of the two teams, with its user's actions. */
class TeamUnderStress {
  leader: Running | null = null;
  sent = 0;
  private serial = 0;

  constructor(
    readonly name: string,
    readonly project: MachineProject,
    private readonly random: () => number,
  ) {}

  /** Starts, leads or resumes the team, depending on its state. */
  async run(): Promise<void> {
    if (this.leader && this.leader.child.exitCode === null && this.leader.child.signalCode === null) return;
    const runs = (await this.project.taco(['status'])).code === 0;
    this.leader = runs ? this.project.up(['--resume', '--yes']) : await this.project.begin();
  }

  async send(): Promise<void> {
    const { code } = await this.project.taco(['send', 'api', `for ${this.name}, number ${++this.serial}`]);
    if (code === 0) this.sent += 1;
  }

  async act(): Promise<string> {
    const action = ACTIONS[Math.floor(this.random() * ACTIONS.length)] ?? 'stop';
    const { machine } = this.project;
    switch (action) {
      case 'kill the leader':
        this.leader?.child.kill('SIGKILL');
        break;
      case 'kill an agent':
        for (const pid of await this.project.cliProcesses('qa')) process.kill(pid, 'SIGKILL');
        break;
      case 'close the session':
        machine.tmux('kill-session', '-t', `=${await this.project.session()}`);
        break;
      case 'delete the socket':
        rmSync(machine.socket, { force: true });
        break;
      case 'stop':
        await this.project.taco(['down']);
        break;
      case 'leave':
        await this.leader?.leave();
        break;
    }
    return action;
  }

  /** Returns the CLI processes of each agent. */
  async processes(): Promise<ReadonlyMap<string, readonly number[]>> {
    return new Map(
      await Promise.all(AGENTS.map(async (agent) => [agent, await this.project.cliProcesses(agent)] as const)),
    );
  }
}

export async function runTwoTeams({ rounds, seed, taco, say }: TwoTeamsOptions): Promise<TwoTeamsResult> {
  const random = seeded(seed);
  const machine = new Machine(taco);
  const crossed: string[] = [];
  const duplicates: string[] = [];
  try {
    const teams = ['x', 'y'].map((name) => new TeamUnderStress(name, machine.project(`${name}/app`), random));
    for (let round = 1; round <= rounds; round++) {
      await Promise.all(teams.map((team) => team.run()));
      await Promise.all(teams.map((team) => team.send()));
      const [acting, other] = random() < 0.5 ? teams : [...teams].reverse();
      if (!acting || !other) break;
      const before = await other.processes();
      const action = await acting.act();
      await sleep(300 + random() * 2000);
      const after = await other.processes();
      // No command concerns the other team now: its processes must continue.
      for (const [agent, pids] of before)
        for (const pid of pids)
          if (!after.get(agent)?.includes(pid))
            crossed.push(`round ${round}: ${action} of ${acting.name} ended ${other.name}'s ${agent}`);
      for (const team of teams)
        for (const [agent, pids] of await team.processes())
          if (pids.length > 1) duplicates.push(`round ${round}: ${team.name}'s ${agent} runs ${pids.length} times`);
      say(`two teams, round ${round}: ${acting.name}: ${action}`);
    }
    await Promise.all(teams.map((team) => team.run()));
    await Promise.all(teams.map((team) => team.project.taco(['send', 'api', `for ${team.name}, the last`])));
    await sleep(3000);
    for (const team of teams) {
      const wrong = team.name === 'x' ? 'for y,' : 'for x,';
      crossed.push(...team.project.received().filter((line) => line.includes(wrong)));
    }
    for (const team of teams) {
      const down = await team.project.taco(['down']);
      if (down.code !== 0) say(`two teams: taco down of ${team.name}: ${down.text}`);
    }
    const left = await Promise.all(teams.map((team) => team.project.processes()));
    return {
      rounds,
      sent: teams.reduce((sum, team) => sum + team.sent, 0),
      received: teams.reduce((sum, team) => sum + team.project.received().length, 0),
      crossed,
      duplicates,
      left: left.flat().map(({ pid }) => pid),
    };
  } finally {
    await machine.dispose();
  }
}

function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
