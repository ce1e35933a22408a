import { homedir } from 'node:os';
import type { DisposableLike } from '../../core/base/disposable';
import { DisposableStore } from '../../core/base/disposable';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import type { Sender } from '../../core/messages/newCommand';
import { TacoPaths } from '../../core/programs/paths';
import { adoptedHere } from '../../orchestrator/agents/adoptedIdentity';
import type { Invocation } from '../args/parseArgs';
import { owningAgentWindow } from './callerIdentity';
import { findProject, type ProjectPlace } from './findProject';
import type { Io, CommandResult } from './io';

export type Handler = (context: CommandContext) => Promise<CommandResult>;

/**
 * The context of a command; light, since `taco send` uses it too. Everything it opens is closed when the command
 * ends.
 */
export class CommandContext implements DisposableLike {
  private readonly store = new DisposableStore();
  constructor(
    readonly invocation: Invocation,
    readonly io: Io,
  ) {}

  get json(): boolean {
    return this.invocation.flag('json');
  }

  add<T extends DisposableLike>(item: T): T {
    return this.store.add(item);
  }

  /** Throws TacoError no-project. With `create` the current folder becomes the project when none is known. */
  project(create = false): ProjectPlace {
    const { invocation, io } = this;
    return findProject(
      {
        project: invocation.text('project'),
        redis: invocation.text('redis'),
        socket: invocation.text('socket'),
        env: io.env,
        cwd: io.cwd,
      },
      create,
    );
  }

  get paths(): TacoPaths {
    return new TacoPaths(this.io.env, homedir());
  }

  /** The sender of the command: the agent in whose window it runs, else the user. Throws TacoError no-project. */
  get sender(): Sender {
    const { TACO_WINDOW: window, TACO_SECRET: secret } = this.io.env;
    // The queue refuses a window without its secret; it must not count as the user.
    if (window && /^\d{1,4}$/.test(window)) return { kind: 'agent', window: Number(window), secret: secret ?? '' };
    // An agent cannot drop its identity by unsetting it: below its pane it stays an agent, without the secret.
    const above = owningAgentWindow();
    const adopted = above === null ? this.adopted : null;
    if (adopted) return { kind: 'agent', ...adopted };
    return above === null ? { kind: 'user' } : { kind: 'agent', window: above, secret: '' };
  }

  /** The adopted agent in whose pane this runs. */
  private get adopted(): { readonly window: number; readonly secret: string } | null {
    const { id, paths } = this.project();
    return adoptedHere(paths.projectDir(id), this.io.env);
  }

  dispose(): void {
    this.store.dispose();
  }
}

/** Throws TacoError type-refused in an agent's window; `mother` allows Mother too. */
export function requireUser({ sender }: CommandContext, what: string, mother: 'or-mother' | 'alone' = 'alone'): void {
  if (sender.kind !== 'agent' || (mother === 'or-mother' && sender.window === MOTHER_WINDOW)) return;
  throw errors.userOnly(what);
}
