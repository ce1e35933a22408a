import type { DisposableLike } from '../core/lifecycle';
import { DisposableStore } from '../core/lifecycle';
import { errors } from '../core/errors';
import type { Logger } from '../core/ports';
import type { Snapshot } from '../core/snapshot';
import type { Sender } from '../core/team';
import type { Team } from '../orchestrator/teamClient';
import type { Io, Outcome } from './io';
import type { Invocation } from './parse';
import { findProject, type ProjectPlace } from './project';

export type Handler = (context: CommandContext) => Promise<Outcome>;

const silent: Logger = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What a command has to work with. What it opens is closed when the command ends. */
export class CommandContext implements DisposableLike {
  private readonly store = new DisposableStore();
  constructor(readonly invocation: Invocation, readonly io: Io) {}

  get json(): boolean {
    return this.invocation.flag('json');
  }

  add<T extends DisposableLike>(item: T): T {
    return this.store.add(item);
  }

  /** Throws TacoError no-project; with `create` the current folder becomes the project when none is known. */
  project(create = false): ProjectPlace {
    const { invocation, io } = this;
    return findProject({ project: invocation.text('project'), redis: invocation.text('redis'), socket: invocation.text('socket'), env: io.env, cwd: io.cwd }, create);
  }

  /** The project's client. Throws TacoError no-project, redis-missing, redis-unreachable. */
  async team(options: { readonly create?: boolean; readonly startRedis?: boolean; readonly logger?: Logger } = {}): Promise<Team> {
    const place = this.project(options.create);
    const { openTeam } = await import('../orchestrator/teamClient');
    const team = await openTeam({
      projectDir: place.dir, paths: place.paths, env: this.io.env, redisUrl: place.redisUrl,
      startRedis: options.startRedis ?? false, logger: options.logger ?? silent,
    });
    return this.store.add(team);
  }

  /** Who gives the command: an agent in whose window it runs, else the person. */
  get sender(): Sender {
    const { TACO_WINDOW: window, TACO_SECRET: secret } = this.io.env;
    // A window without its secret is refused by the queue rather than taken for the person.
    return window && /^\d{1,4}$/.test(window) ? { kind: 'agent', window: Number(window), secret: secret ?? '' } : { kind: 'user' };
  }

  dispose(): void {
    this.store.dispose();
  }
}

/** The snapshot of a session that runs. Throws TacoError no-session. */
export async function runningSnapshot(team: { snapshot(): Promise<Snapshot>; readonly projectDir: string }): Promise<Snapshot & { session: NonNullable<Snapshot['session']> }> {
  const snapshot = await team.snapshot();
  const { session } = snapshot;
  if (session === null) throw errors.noSession(team.projectDir);
  return { ...snapshot, session };
}
