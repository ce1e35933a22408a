import { setTimeout as sleep } from 'node:timers/promises';
import { openRequests, type OpenRequest } from '../../../core/team/openRequests';
import type { Snapshot } from '../../../core/team/snapshot';
import { ProjectsReader } from '../../../team/projects/projectsReader';
import { requestLines } from '../../output/requestLines';
import { terminalAlert } from '../../output/terminalAlerts';
import type { CommandContext } from '../../runtime/commandContext';
import { onDisconnect } from '../../runtime/disconnect';
import { write, type CommandResult } from '../../runtime/io';
import { commandTeam, runningSnapshot, silent } from '../../runtime/openTeam';

/** Interval at which `--watch` reads the requests, milliseconds: a request is shown within two seconds. */
const WATCH_EVERY_MS = 1000;

/** An open request with its project. */
interface PlacedRequest extends OpenRequest {
  readonly project: string;
  readonly projectId: string;
}

type ReadRequests = () => Promise<readonly PlacedRequest[]>;

const placed = (project: string, snapshot: Snapshot): readonly PlacedRequest[] =>
  openRequests(snapshot).map((request) => ({ project, projectId: snapshot.projectId, ...request }));

function projectsReader(context: CommandContext): ProjectsReader {
  return context.add(new ProjectsReader(context.paths, silent));
}

/** Returns a function that reads this project's requests, or those of every team on this machine. */
async function requestReader(context: CommandContext): Promise<ReadRequests> {
  if (context.invocation.flag('all')) {
    const reader = projectsReader(context);
    return async () =>
      (await reader.read()).flatMap(({ dir, snapshot }) => (snapshot === null ? [] : placed(dir, snapshot)));
  }
  const team = await commandTeam(context);
  return async () => placed(team.projectDir, await runningSnapshot(team));
}

/** `taco requests [--all] [--watch]`. Throws TacoError no-project, no-session. */
export async function requests(context: CommandContext): Promise<CommandResult> {
  const read = await requestReader(context);
  const all = context.invocation.flag('all');
  if (context.invocation.flag('watch')) return watch(context, read, all);
  const found = await read();
  const now = Date.now();
  return {
    json: { requests: found },
    text:
      found.length === 0
        ? 'Nothing waits for you.'
        : found.map((request) => requestLines(request, now, all ? request.project : '').join('\n')).join('\n\n'),
  };
}

/** Prints each request once, when it appears, until Ctrl-C; with `--json` one document a line. */
async function watch(context: CommandContext, read: ReadRequests, all: boolean): Promise<CommandResult> {
  const { io, json } = context;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  onDisconnect(io, end);
  const shown = new Set<string>();
  while (!ended.signal.aborted) {
    const found = await read();
    for (const request of found.filter((each) => !shown.has(keyOf(each)))) {
      const lines = requestLines(request, Date.now(), all ? request.project : '');
      await write(
        io.stdout,
        json
          ? `${JSON.stringify(request)}\n`
          : `${terminalAlert(io, request.agent, request.title)}${lines.join('\n')}\n\n`,
      );
    }
    shown.clear();
    for (const request of found) shown.add(keyOf(request));
    await sleep(WATCH_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  return { json: { ended: true }, text: '' };
}

const keyOf = ({ projectId, id, window, at }: PlacedRequest): string => `${projectId} ${id || `${window} ${at}`}`;
