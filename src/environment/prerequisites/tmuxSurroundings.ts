/** Checks of the user's tmux configuration, of TACO's tmux server, and of its socket. They change nothing. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { localizable } from '../../core/base/localizedText';
import { projectIdOf } from '../../redis/client/keys';
import { runTmux } from '../../tmux/client/runTmux';
import { comparableOptions } from '../../tmux/session/ownOptions';
import { SessionRecordFile, type SessionRecord } from '../../tmux/session/sessionRecord';
import { socketPath } from '../../tmux/session/socketPath';
import { userConfigFiles } from '../../tmux/session/userConfig';
import type { DoctorCheck, SurroundingsPlace } from './doctorCheck';

/** Plugins that start the user's saved sessions in every new tmux server, TACO's too. */
const RESTORE = /^(?!\s*#).*(?:tmux-(?:continuum|resurrect)|@continuum-restore|@resurrect-)/m;
/** Settings that these plugins make on a server when they are loaded there: the status line and hooks that run their scripts. */
const RESTORE_SCRIPT = /\b(?:continuum|resurrect)\S*\.(?:sh|tmux)\b|\bcontinuum_save\b/;
/** Commands of a hook that make, replace or move panes, or run programs. */
const FOREIGN_HOOK =
  /^(\S+?)(?:\[\d+\])? .*\b(?:respawn-(?:pane|window)|split-window|new-window|kill-\w+|run-shell|if-shell|move-\w+)\b/;

/** All checks of tmux. Those of a server are left out while none runs. */
export async function checkTmuxSurroundings(place: SurroundingsPlace): Promise<readonly DoctorCheck[]> {
  const record = await new SessionRecordFile(place.paths.tmuxRecord(projectIdOf(place.projectDir))).read();
  const socket = record?.socket ?? socketPath(place.tmuxSocket, place.env);
  const ask = (...args: readonly string[]): Promise<string | null> =>
    runTmux(place.tmuxCommand, ['-S', socket, ...args], place.env).catch(() => null);
  const hooks = await ask('show-hooks', '-g', ';', 'show-hooks', '-gw');
  const status = await ask('show-options', '-gv', 'status-right', ';', 'show-options', '-gv', 'status-left');
  return [
    ...(record === null ? [] : [checkSocket(record, place)]),
    await checkRestorePlugins(place, `${hooks ?? ''}\n${status ?? ''}`, socket),
    ...(hooks === null ? [] : [checkHooks(hooks, socket)]),
    ...(record === null ? [] : await checkOptions(record, ask)),
  ];
}

/** Compares the socket on which the team runs with the one of this environment. */
function checkSocket({ socket }: SessionRecord, { tmuxSocket, env }: SurroundingsPlace): DoctorCheck {
  const title = localizable`Socket of TACO's tmux server`;
  const here = socketPath(tmuxSocket, env);
  if (dirname(here) === dirname(socket))
    return { id: 'tmux-socket', title, state: 'ok', detail: localizable`${socket}`, cure: null };
  return {
    id: 'tmux-socket',
    title,
    state: 'warning',
    detail: localizable`the team runs on ${socket}; with this TMUX_TMPDIR, tmux uses ${here}`,
    cure: localizable`TACO finds the team by itself. For tmux in your own shell, run: ${`export TMUX_TMPDIR='${dirname(dirname(socket))}'`}`,
  };
}

async function checkRestorePlugins({ env }: SurroundingsPlace, server: string, socket: string): Promise<DoctorCheck> {
  const title = localizable`tmux plugins that restore sessions`;
  const cure = localizable`Load it only in your own server: ${'if-shell \'[ -z "$TACO_HOME" ]\' …'}, or switch off @continuum-restore.`;
  if (RESTORE_SCRIPT.test(server))
    return {
      id: 'tmux-restore',
      title,
      state: 'warning',
      detail: localizable`tmux-continuum or tmux-resurrect runs in TACO's tmux server (${socket}), and may save agents or start your saved sessions there`,
      cure,
    };
  for (const file of userConfigFiles(env)) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (!RESTORE.test(text)) continue;
    return {
      id: 'tmux-restore',
      title,
      state: 'warning',
      detail: localizable`${file} loads tmux-continuum or tmux-resurrect, which may start your saved sessions in TACO's tmux server`,
      cure,
    };
  }
  return { id: 'tmux-restore', title, state: 'ok', detail: localizable`none in your tmux.conf`, cure: null };
}

function checkHooks(printed: string, socket: string): DoctorCheck {
  const names = printed.split('\n').flatMap((line) => FOREIGN_HOOK.exec(line)?.[1] ?? []);
  const title = localizable`Hooks of TACO's tmux server`;
  if (names.length === 0)
    return { id: 'tmux-hooks', title, state: 'ok', detail: localizable`none that change panes`, cure: null };
  return {
    id: 'tmux-hooks',
    title,
    state: 'warning',
    detail: localizable`your tmux.conf sets hooks that may change agents' panes: ${[...new Set(names)].join(', ')}`,
    cure: localizable`Take them out of your tmux.conf, or run: ${`tmux -S '${socket}' set-hook -gu ${names[0] ?? ''}`}`,
  };
}

/** Compares the options of the team's session with those that TACO set at its start. */
async function checkOptions(
  { session }: SessionRecord,
  ask: (...args: readonly string[]) => Promise<string | null>,
): Promise<readonly DoctorCheck[]> {
  const wanted = comparableOptions();
  const format = wanted.map(([name]) => `#{${name}}`).join('\t');
  const printed = await ask('display-message', '-p', '-t', `=${session}:`, format);
  if (printed === null) return []; // Its session has ended.
  const values = printed.replace(/\n$/, '').split('\t');
  const foreign = wanted.flatMap(([name, value], at) => (isSame(values[at] ?? '', value) ? [] : [name]));
  const title = localizable`Options of the team's tmux session`;
  if (foreign.length === 0)
    return [{ id: 'tmux-options', title, state: 'ok', detail: localizable`as TACO set them`, cure: null }];
  return [
    {
      id: 'tmux-options',
      title,
      state: 'warning',
      detail: localizable`a program has changed options that TACO relies on: ${foreign.join(', ')}`,
      cure: localizable`Remove them from the program or hook that sets them. TACO sets its own again when another leader takes over: \`taco up\`.`,
    },
  ];
}

/** Formats print the flags of some options as numbers. */
function isSame(printed: string, value: string): boolean {
  const word = (text: string): string => (text === '1' ? 'on' : text === '0' ? 'off' : text);
  return word(printed) === word(value);
}
