import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ControlClient } from '../client/controlClient';
import { command, commandList } from '../client/quote';
import { WAITS_FOR_USER, WAITING_LINE } from './ownOptions';
import type { SessionFence, SessionPlace } from './sessionFence';

/** A pane whose agent needs the user. */
export interface WaitingPane {
  readonly pane: string;
  readonly name: string;
}

/** A terminal device; any other path of a client is not written to. */
const TERMINAL = /^\/dev\/(pts\/\d+|tty[\w.]+)$/;
const BELL = '\u0007';
const MAX_LINE = 60;

/** Marks the windows of agents that need the user, and rings the bell of the terminals that show the session. */
export class WaitingMarks {
  constructor(
    private readonly client: ControlClient,
    private readonly fence: SessionFence,
    private readonly place: SessionPlace,
  ) {}

  /** Marks these panes' windows and no others of `panes`. Throws TacoError not-leader. */
  async show(waiting: readonly WaitingPane[], panes: readonly string[]): Promise<void> {
    const line = waitingLine(waiting.map(({ name }) => name));
    await this.fence.run(
      'name who needs the user',
      command('set-option', '-q', '-t', `${this.place.id}:`, WAITING_LINE, line),
    );
    const marked = new Set(waiting.map(({ pane }) => pane));
    for (const pane of panes) {
      const value = marked.has(pane) ? '1' : '';
      // One pane may have closed: tmux drops the rest of a list after an error.
      await this.fence
        .run(`mark ${pane}`, commandList(command('set-option', '-q', '-w', '-t', pane, WAITS_FOR_USER, value)))
        .catch(() => undefined);
    }
  }

  /** Rings once in each terminal that is attached to the session itself; views of VS Code have sessions of their own. */
  async ring(): Promise<void> {
    const answer = await this.client.run(
      'list the terminals',
      command('list-clients', '-t', this.place.id, '-F', '#{client_tty}'),
    );
    const terminals = (answer.blocks[0] ?? []).filter((line) => TERMINAL.test(line));
    await Promise.all(terminals.map((path) => writeBell(path).catch(() => undefined)));
  }
}

/** A terminal that takes no output must not hold the leader up. */
async function writeBell(path: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    await file.write(BELL);
  } finally {
    await file.close();
  }
}

/** Returns the line for the agents with these names. tmux would read `#` as a format or a style. */
function waitingLine(names: readonly string[]): string {
  if (names.length === 0) return '';
  const text = names.join(', ').replace(/[#\p{Control}]/gu, '');
  const short = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE - 1)}…` : text;
  return `${short} ${names.length === 1 ? 'needs' : 'need'} you`;
}
