import type { ControlClient } from '../client/controlClient';
import { PANE_OWNER, PANE_PROCESS, isOwner } from '../client/identity';
import { command } from '../client/quote';
import { asCommands, windowOptions } from './ownOptions';
import type { ProcessFacts } from './processTable';
import { processesOfPanes } from './processTree';
import type { SessionPlace } from './sessionFence';

const LAUNCH = '@taco_launch';

export interface WindowPane {
  readonly window: number;
  readonly name: string;
  readonly pane: string;
  readonly pid: number;
  readonly dead: boolean;
  /** Number of panes in its window. */
  readonly panes: number;
  /** Launch mark of its program; empty when it has none. */
  readonly launch: string;
  /** The pane has the session's identity: TACO created or adopted it. */
  readonly ours: boolean;
  /** The process in it is the one that TACO started; false once another was started there. */
  readonly ourProcess: boolean;
}

/** Lists the panes of a session, with what marks them as TACO's, and the processes in them. */
export class SessionPanes {
  /** Names of the window hooks of this server. */
  windowHooks: readonly string[] = [];

  constructor(
    private readonly client: ControlClient,
    private readonly place: SessionPlace,
  ) {}

  /** Returns every pane of the session, with its window. */
  async windows(): Promise<readonly WindowPane[]> {
    const ours = `${isOwner(this.place.identity)}|#{==:#{${PANE_PROCESS}},#{pane_pid}}`;
    const format = `#{window_index}|#{pane_id}|#{pane_pid}|#{pane_dead}|#{window_panes}|#{${LAUNCH}}|${ours}|#{window_name}`;
    const answer = await this.client.run(
      'list windows',
      command('list-panes', '-s', '-t', `${this.place.id}:`, '-F', format),
    );
    return (answer.blocks[0] ?? []).map((line) => {
      const [window, pane, pid, dead, panes, launch, owner, process, ...name] = line.split('|');
      return {
        window: Number(window),
        pane: pane ?? '',
        pid: Number(pid),
        dead: dead === '1',
        panes: Number(panes),
        launch: launch ?? '',
        ours: owner === '1',
        ourProcess: process === '1',
        name: name.join('|'),
      };
    });
  }

  /** Returns commands that mark a pane, and the process that runs in it now, as TACO's. */
  marks(target: string, launch: string): readonly string[] {
    return [
      command('set-option', '-p', '-t', target, PANE_OWNER, this.place.identity),
      command('set-option', '-p', '-F', '-t', target, PANE_PROCESS, '#{pane_pid}'),
      command('set-option', '-p', '-t', target, LAUNCH, launch),
      ...asCommands(windowOptions(target, this.windowHooks)),
    ];
  }

  /**
   * Returns every pane of the server with the identity, whatever session shows it, and all other panes of the session,
   * which end with it.
   */
  async own(): Promise<readonly { readonly pane: string; readonly pid: number; readonly tty: string }[]> {
    const own = `#{||:${isOwner(this.place.identity)},#{==:#{session_id},${this.place.id}}}`;
    const format = `${own}|#{pane_id}|#{pane_dead}|#{pane_pid}|#{pane_tty}`;
    const answer = await this.client.run('list panes', command('list-panes', '-a', '-F', format));
    return (answer.blocks[0] ?? [])
      .map((line) => line.split('|'))
      .filter(([ours]) => ours === '1')
      .map(([, pane, dead, pid, tty]) => ({
        pane: pane ?? '',
        // The process id of a dead pane may belong to another process by now.
        pid: dead === '0' ? Number(pid) : 0,
        tty: dead === '0' ? (tty ?? '') : '',
      }));
  }

  /** Returns the processes of one pane, or of all panes of TACO. */
  async processes(only?: string): Promise<readonly ProcessFacts[]> {
    const panes = await this.own().catch(() => []);
    return processesOfPanes(panes.filter(({ pane }) => only === undefined || pane === only));
  }
}

/**
 * The program of a pane: tmux executes argv as it is, without a shell, in the session's folder. The program must set
 * its own environment and folder. tmux would merge the environment with that of the server. In a folder name it would
 * run commands.
 */
export interface PaneProgram {
  readonly argv: readonly string[];
  /** Launch mark of the pane, set when the program is started in it. */
  readonly launch?: string;
}

/** With two or more arguments tmux executes argv itself. It would pass a single one to a shell, hence `env`. */
export function programArguments({ argv }: PaneProgram): readonly string[] {
  return ['env', ...argv];
}
