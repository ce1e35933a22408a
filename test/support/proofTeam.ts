/** A team of scripted agents with worktrees in the test's own git repository. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentRecord } from '../../src/core/agents/agentRecord';
import type { AgentSpec } from '../../src/core/models';
import type { MergeJournal } from '../../src/core/proof/mergeJournal';
import type { MessageView, Snapshot } from '../../src/core/team/snapshot';
import { JournalFile } from '../../src/environment/merging/journalFile';
import type { Engine } from '../../src/orchestrator/engine';
import type { EngineSettings } from '../../src/team/engineSettings';
import type { Team } from '../../src/team/team';
import { TestTeam } from './team';
import { waitUntil } from './waitUntil';

/** A generous limit for one step on a loaded machine, seconds. */
const STEP = 60;

export class ProofTeam {
  readonly bed = new TestTeam();
  private opened: Team | undefined;

  get team(): Team {
    if (!this.opened) throw new Error('not begun');
    return this.opened;
  }

  get project(): string {
    return this.bed.project;
  }

  git(folder: string, ...args: string[]): string {
    return execFileSync(
      'git',
      ['-c', 'user.name=T', '-c', 'user.email=t@localhost', '-c', 'protocol.file.allow=always', ...args],
      { cwd: folder, env: this.bed.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    ).trim();
  }

  write(folder: string, files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  commit(folder: string, files: Readonly<Record<string, string>>, message = 'work'): string {
    this.write(folder, files);
    this.git(folder, 'add', '--all');
    this.git(folder, 'commit', '-q', '--allow-empty', '-m', message);
    return this.git(folder, 'rev-parse', 'HEAD');
  }

  /** Makes the project a repository with one commit of these files. */
  repository(files: Readonly<Record<string, string>>): void {
    this.git(this.project, 'init', '-q', '-b', 'main');
    this.git(this.project, 'config', 'user.name', 'T');
    this.git(this.project, 'config', 'user.email', 't@localhost');
    this.commit(this.project, files, 'begin');
  }

  /** Starts the team and waits until it runs. */
  async begin(agents: readonly AgentSpec[], settings: Partial<EngineSettings> = {}): Promise<Engine> {
    await this.open();
    const engine = await this.engine(settings);
    await this.run(agents);
    return engine;
  }

  async open(): Promise<Team> {
    this.opened = await this.bed.open();
    return this.opened;
  }

  /** Starts the agents under the engine that is there. */
  async run(agents: readonly AgentSpec[]): Promise<void> {
    await this.team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    await this.until('running', ({ session }) => session?.phase === 'running');
  }

  engine(settings: Partial<EngineSettings> = {}): Promise<Engine> {
    return this.bed.engine(this.team, {
      profile: 'scripted',
      autoApprove: true,
      worktrees: true,
      ...settings,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '20', ...settings.agentEnv },
    });
  }

  until(what: string, is: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    return this.bed.until(this.team, what, STEP, is);
  }

  async agent(name: string): Promise<AgentRecord> {
    const found = (await this.team.snapshot()).agents.find((agent) => agent.name === name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  }

  /** Reports done for an agent, as its `taco done` does. */
  async done(name: string, text = 'it works'): Promise<void> {
    await this.team.request({ kind: 'report-done', window: (await this.agent(name)).window, text });
  }

  /** Waits until what is known of an agent's work is `proof`. */
  async proof(name: string, proof: AgentRecord['proof']): Promise<AgentRecord> {
    const snapshot = await this.until(`${name} ${proof ?? ''}`, ({ agents }) =>
      agents.some((agent) => agent.name === name && agent.proof === proof),
    );
    return snapshot.agents.find((agent) => agent.name === name)!;
  }

  /** Asks for a merge, as `taco worktree merge` does, and returns its complete journal. */
  async merge(...agents: string[]): Promise<MergeJournal> {
    const ticket = randomUUID();
    await this.team.request({ kind: 'merge', agents, ticket });
    return this.merged((journal) => journal.ticket === ticket && journal.endedAt !== null);
  }

  /** Waits for a state of the merge lane. */
  async merged(is: (journal: MergeJournal) => boolean): Promise<MergeJournal> {
    const file = new JournalFile(this.bed.paths.mergeJournal(this.team.projectId));
    return waitUntil(
      async () => {
        const journal = await file.read();
        return journal !== null && is(journal) ? journal : null;
      },
      STEP * 1000,
      'the merge lane',
    );
  }

  /** Waits for a message to an agent (its label, or `user`) whose text matches. */
  async message(to: string, words: RegExp): Promise<MessageView> {
    const is = ({ target, message }: MessageView): boolean =>
      (to === 'user' ? target === 'user' : target.endsWith(`:${to}`)) && words.test(message);
    const snapshot = await this.until(`a message to ${to}: ${String(words)}`, ({ messages }) => messages.some(is));
    return snapshot.messages.find(is)!;
  }

  dispose(): Promise<void> {
    return this.bed.dispose();
  }
}
