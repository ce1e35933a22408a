import { setTimeout as sleep } from 'node:timers/promises';
import type { TerminalScreen, TypingRules } from '../../core/agents/agentProfile';
import { errors } from '../../core/errors/errors';
import { ACCOUNTED, NO_CONTACT, type PaneContact } from '../../core/messages/ownText';
import type { ControlClient } from '../client/controlClient';
import { EPOCH, PANE_PROCESS, both, isOwner } from '../client/identity';
import { command, commandList, quote } from '../client/quote';
import { ScreenReader } from './screenParser';

/** The delivery state stored on the pane: the last command and its step. It ends with the process in the pane. */
interface PaneMarker {
  readonly id: string;
  readonly phase: 'typing' | 'typed' | 'entered';
}

/** State and screen of a pane at one moment. */
export interface PaneState {
  readonly pane: string;
  readonly dead: boolean;
  /**
   * How the process ended: its exit status, or `signal 9`. Empty while it runs and for a while after; see {@link
   * PaneDriver.waitForExitStatus}.
   */
  readonly deadStatus: string;
  /** Copy mode, tree mode …: keys do not reach the process. */
  readonly inMode: boolean;
  /** Name of the foreground process. */
  readonly command: string;
  readonly pid: number;
  /** Whether a client shows this window now. */
  readonly watched: boolean;
  readonly marker: PaneMarker | null;
  /** Belongs to the process in the pane now, as the marker does. */
  readonly contact: PaneContact;
  readonly screen: TerminalScreen;
}

/** Conditions that tmux checks in the same step in which it sends a key, so nothing can change in between. */
export interface KeyGuard {
  /** Epoch of the leader; tmux refuses the keys of an older one. */
  readonly epoch: number;
  /** Foreground process and pane process at the time of the capture. */
  readonly command: string;
  readonly pid: number;
  /** Text that the screen must (not) show, as plain strings. */
  readonly shows?: string | undefined;
  /** A row that must be on the screen exactly, apart from trailing spaces: the empty input box before the first key. */
  readonly row?: string | undefined;
  /** Rows that must all be on the screen: the dialog that the user answers. */
  readonly rows?: readonly string[] | undefined;
  readonly showsNot?: readonly string[] | undefined;
}

/** `done`, or why tmux refused: another process leads, or the pane has changed since the capture. */
export type KeyOutcome = 'done' | 'stale-leader' | 'changed';

/** Size of a new session's windows, cells. */
export const NEW_COLUMNS = 160;
export const NEW_ROWS = 48;
/** Seconds; tmux passes on a new size after a quarter of a second. */
const ROW_LESS_FOR = '0.5';
/** Number and interval (milliseconds) of the polls for the exit of a process that tmux has not reaped. */
const EXIT_POLLS = 20;
const EXIT_POLL_INTERVAL_MS = 50;
const MARKER = '@taco';
const CONTACT = '@taco_contact';

const FIELDS = [
  'pane_id',
  'pane_dead',
  '?pane_dead_signal,signal #{pane_dead_signal},#{pane_dead_status}',
  'pane_in_mode',
  'pane_pid',
  'pane_width',
  'pane_height',
  'cursor_x',
  'cursor_y',
  'cursor_flag',
  'window_active_clients_list',
  MARKER,
  CONTACT,
  'pane_current_command',
] as const;
const STATE_FORMAT = FIELDS.map((field) => `#{${field}}`).join('|');

/** Captures panes and sends keys to them through one control client. Panes are always addressed by id (`%3`). */
export class PaneDriver {
  private readonly readers = new Map<string, ScreenReader>();

  /** @param identity identity of the session whose panes may be typed into */
  constructor(
    private readonly client: ControlClient,
    private readonly identity: string,
  ) {}

  /** Captures a pane in one round trip, 0.6 ms. Returns null when the pane does not exist any more. */
  async capture(pane: string): Promise<PaneState | null> {
    const answer = await this.client
      .run(
        `look at pane ${pane}`,
        commandList(
          command('display-message', '-p', '-t', pane, STATE_FORMAT),
          command('capture-pane', '-p', '-e', '-t', pane),
        ),
      )
      .catch((error: unknown) => {
        if (error instanceof Error && /can't find (pane|window|session)/.test(error.message)) {
          this.readers.delete(pane);
          return null;
        }
        throw error;
      });
    const facts = answer?.blocks[0]?.[0];
    const capture = answer?.blocks[1];
    if (facts === undefined || capture === undefined) return null;
    const values = facts.split('|');
    const value = (index: number): string => values[index] ?? '';
    // For a missing target display-message answers for another pane; the id reveals that.
    if (value(0) !== pane) return null;
    const reader = this.readers.get(pane) ?? new ScreenReader();
    this.readers.set(pane, reader);
    return {
      pane,
      dead: value(1) === '1',
      deadStatus: value(2),
      inMode: value(3) !== '0' && value(3) !== '',
      pid: Number(value(4)),
      watched: value(10)
        .split(',')
        .some((client) => client !== '' && !client.startsWith('client-')),
      marker: parseMarker(value(11)),
      contact: parseContact(value(12), Number(value(4))),
      command: values.slice(13).join('|'),
      screen: reader.read(capture, {
        width: Number(value(5)),
        height: Number(value(6)),
        cursorX: Number(value(7)),
        cursorY: Number(value(8)),
        cursorVisible: value(9) === '1',
      }),
    };
  }

  /**
   * Captures a pane whose process has ended, once tmux knows its exit status. tmux 3.3a misses the SIGCHLD of some
   * processes (measured: 15 of 100 respawned panes). It leaves them as zombies without a status until another of its
   * children ends, so this method starts one.
   */
  async waitForExitStatus(pane: string): Promise<PaneState | null> {
    let capture = await this.capture(pane);
    for (let again = 0; again < EXIT_POLLS && capture?.dead && capture.deadStatus === ''; again++) {
      await this.client.run(`reap the process of pane ${pane}`, command('run-shell', '-b', 'true'));
      await sleep(EXIT_POLL_INTERVAL_MS);
      capture = await this.capture(pane);
    }
    return capture;
  }

  /**
   * Types one piece of step 1: the text, its marker and the new state of the contact, in one list behind the fence.
   * @param id named by the marker; null for a probe, which the contact records: the marker of an earlier text stays
   */
  type(
    pane: string,
    text: string,
    mode: TypingRules['mode'],
    id: string | null,
    fence: KeyGuard,
    contact: PaneContact,
  ): Promise<KeyOutcome> {
    const keys =
      mode === 'paste'
        ? commandList(
            command('set-buffer', '-b', `taco-${pane.slice(1)}`, '--', text),
            command('paste-buffer', '-d', '-p', '-r', '-b', `taco-${pane.slice(1)}`, '-t', pane),
          )
        : command('send-keys', '-t', pane, '-l', '--', text);
    return this.fenced(
      pane,
      commandList(keys, ...(id === null ? [] : [mark(pane, id, 'typing')]), note(pane, fence.pid, contact)),
      fence,
    );
  }

  /** Records that the input box showed the whole text. */
  markTyped(pane: string, id: string, fence: KeyGuard): Promise<KeyOutcome> {
    return this.fenced(pane, commandList(mark(pane, id, 'typed'), note(pane, fence.pid, ACCOUNTED)), fence);
  }

  /** Records that all text typed so far has been seen. */
  account(pane: string, fence: KeyGuard): Promise<KeyOutcome> {
    return this.fenced(pane, note(pane, fence.pid, ACCOUNTED), fence);
  }

  /** Deletes the last character, the only probe that is owed, and records that; the marker of an earlier text stays. */
  removeProbe(pane: string, fence: KeyGuard): Promise<KeyOutcome> {
    const keys = command('send-keys', '-t', pane, 'BSpace');
    return this.fenced(pane, commandList(keys, note(pane, fence.pid, ACCOUNTED)), fence);
  }

  /** Step 3: sends the submit key and its marker in one list behind the fence. */
  enter(pane: string, key: string, id: string, fence: KeyGuard): Promise<KeyOutcome> {
    return this.fenced(pane, commandList(command('send-keys', '-t', pane, key), mark(pane, id, 'entered')), fence);
  }

  /** Sends one key of a user's answer to a dialog; the marker of TACO's text stays. */
  answer(pane: string, key: string, fence: KeyGuard): Promise<KeyOutcome> {
    return this.fenced(pane, command('send-keys', '-t', pane, key), fence);
  }

  /** Presses keys by name (Escape, or none) and clears the marker, because no text of TACO is left in the pane. */
  press(pane: string, keys: readonly string[], fence: KeyGuard): Promise<KeyOutcome> {
    const forget = command('set-option', '-p', '-t', pane, MARKER, '');
    return this.fenced(
      pane,
      keys.length === 0 ? forget : commandList(command('send-keys', '-t', pane, ...keys), forget),
      fence,
    );
  }

  /**
   * Presses keys that remove a text of TACO. From then on the marker shows that a part of it may remain, whatever
   * happens in between.
   */
  clear(pane: string, keys: readonly string[], id: string, fence: KeyGuard): Promise<KeyOutcome> {
    return this.fenced(pane, commandList(command('send-keys', '-t', pane, ...keys), mark(pane, id, 'typing')), fence);
  }

  /** Leaves copy mode; called only when no client shows the window. */
  async leaveMode(pane: string, epoch: number): Promise<void> {
    await this.client.run(
      `leave copy mode in ${pane}`,
      `if-shell -F -t ${quote(pane)} ${quote(both(isOwner(this.identity), `#{==:#{${EPOCH}},${epoch}}`, '#{!=:#{pane_in_mode},0}'))} { ${command('send-keys', '-t', pane, '-X', 'cancel')} }`,
    );
  }

  /**
   * Makes the program redraw its screen by a resize: one row less, then the old size. tmux restores the row itself,
   * even if TACO or the program ends in between. Called only when no client shows the window.
   */
  redraw({ pane, screen: { height } }: PaneState, fence: KeyGuard): Promise<KeyOutcome> {
    const back = commandList(
      command('resize-window', '-t', pane, '-y', String(height)),
      command('set-option', '-w', '-t', pane, 'window-size', 'latest'),
    );
    const less = command('resize-window', '-t', pane, '-y', String(height - 1));
    return this.fenced(pane, commandList(less, command('run-shell', '-b', '-d', ROW_LESS_FOR, '-C', back)), fence);
  }

  /**
   * Gives a window that a small terminal left behind the size of a new one. Called only when no client shows it; the
   * next client resizes it as before.
   */
  enlarge({ pane }: PaneState, fence: KeyGuard): Promise<KeyOutcome> {
    const size = command('resize-window', '-t', pane, '-x', String(NEW_COLUMNS), '-y', String(NEW_ROWS));
    const free = command('set-option', '-w', '-t', pane, 'window-size', 'latest');
    return this.fenced(pane, commandList(size, free), fence);
  }

  private async fenced(pane: string, keys: string, fence: KeyGuard): Promise<KeyOutcome> {
    const conditions = [
      `#{==:#{${EPOCH}},${fence.epoch}}`,
      isOwner(this.identity),
      // The pane still runs the program that TACO started.
      `#{==:#{${PANE_PROCESS}},#{pane_pid}}`,
      `#{==:#{pane_pid},${fence.pid}}`,
      '#{==:#{pane_dead},0}',
      '#{==:#{pane_in_mode},0}',
      `#{==:#{pane_current_command},${literal(fence.command)}}`,
      ...(fence.shows === undefined ? [] : [`#{!=:#{C:${pattern(fence.shows)}},0}`]),
      ...[...(fence.row === undefined ? [] : [fence.row]), ...(fence.rows ?? [])].map(
        (row) => `#{!=:#{C/r:${rowPattern(row)}},0}`,
      ),
      ...(fence.showsNot ?? []).map((text) => `#{==:#{C:${pattern(text)}},0}`),
    ];
    const condition = both(...conditions);
    const refused = command('display-message', '-p', '-t', pane, `refused:#{${EPOCH}}`);
    const answer = await this.client.run(
      `send keys to pane ${pane}`,
      `if-shell -F -t ${quote(pane)} ${quote(condition)} { ${keys} ; display-message -p done } { ${refused} }`,
    );
    const said = answer.blocks.flat().find((line) => line === 'done' || line.startsWith('refused:'));
    if (said === undefined) throw errors.tmuxFailed(`send keys to pane ${pane}`, 'it gave no answer');
    if (said === 'done') return 'done';
    return said === `refused:${fence.epoch}` ? 'changed' : 'stale-leader';
  }
}

function mark(pane: string, id: string, phase: PaneMarker['phase']): string {
  return command('set-option', '-p', '-t', pane, MARKER, `${id}/${phase}`);
}

function note(pane: string, pid: number, { proven, owed, at }: PaneContact): string {
  return command('set-option', '-p', '-t', pane, CONTACT, `${pid}/${proven ? 1 : 0}/${owed}/${at}`);
}

/** The contact of another process is void: a pane keeps its options when a program is started in it again. */
function parseContact(value: string, pid: number): PaneContact {
  const match = /^(\d+)\/([01])\/(\d{1,6})\/(\d{1,15})$/.exec(value);
  return match && Number(match[1]) === pid
    ? { proven: match[2] === '1', owed: Number(match[3]), at: Number(match[4]) }
    : NO_CONTACT;
}

function parseMarker(value: string): PaneMarker | null {
  const match = /^(cmd_[\w.-]+)\/(typing|typed|entered)$/.exec(value);
  return match ? { id: match[1] ?? '', phase: match[2] as PaneMarker['phase'] } : null;
}

/** Escapes by `#` the characters that the format language would interpret. */
function literal(text: string): string {
  return text.replace(/[#,}]/g, (char) => `#${char}`);
}

/**
 * Converts text to an fnmatch(3) pattern inside a format. A character special to either language matches any character.
 * A run of non-ASCII characters matches any run, because tmux matches bytes unless the server's locale is UTF-8.
 */
function pattern(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, '*').replace(/[^\w *.-]/g, '?');
}

/**
 * Converts a whole row to an extended regular expression inside a format. A character special to either language
 * matches any character.
 */
function rowPattern(row: string): string {
  return `^${row.trimEnd().replace(/[^\p{L}\p{N}_ ❯›-]/gu, '.')}[ \u00a0]*$`;
}
