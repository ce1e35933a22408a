import { setTimeout as sleep } from 'node:timers/promises';
import { openRequests, type OpenRequest } from '../../../core/team/openRequests';
import type { Snapshot } from '../../../core/team/snapshot';
import { ProjectsReader } from '../../../team/projects/projectsReader';
import { requestLines } from '../../output/requestLines';
import { TerminalAlerts, type AlertClaims } from '../../output/terminalAlerts';
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

/** A running team, and where its windows and terminals claim alerts. */
interface PlacedTeam {
  readonly project: string;
  readonly snapshot: Snapshot;
  readonly claims: AlertClaims;
}

type ReadTeams = () => Promise<readonly PlacedTeam[]>;

const requestsOf = (teams: readonly PlacedTeam[]): readonly PlacedRequest[] =>
  teams.flatMap(({ project, snapshot }) =>
    openRequests(snapshot).map((request) => ({ project, projectId: snapshot.projectId, ...request })),
  );

/** Returns a function that reads this project's team, or every team on this machine. */
async function teamReader(context: CommandContext): Promise<ReadTeams> {
  if (context.invocation.flag('all')) {
    const reader = context.add(new ProjectsReader(context.paths, silent));
    return async () =>
      (await reader.read()).flatMap(({ id, dir, snapshot }) =>
        snapshot === null ? [] : [{ project: dir, snapshot, claims: reader.claims(id) }],
      );
  }
  const team = await commandTeam(context);
  return async () => [{ project: team.projectDir, snapshot: await runningSnapshot(team), claims: team.calls }];
}

/** `taco requests [--all] [--watch]`. Throws TacoError no-project, no-session. */
export async function requests(context: CommandContext): Promise<CommandResult> {
  const read = await teamReader(context);
  const all = context.invocation.flag('all');
  if (context.invocation.flag('watch')) return watch(context, read, all);
  const found = requestsOf(await read());
  const now = Date.now();
  return {
    json: { requests: found },
    text:
      found.length === 0
        ? 'Nothing waits for you.'
        : found.map((request) => requestLines(request, now, all ? request.project : '').join('\n')).join('\n\n'),
  };
}

/**
 * Prints each request once, when it appears, until Ctrl-C; with `--json` one document a line. Alerts the user unless a
 * window or another terminal does.
 */
async function watch(context: CommandContext, read: ReadTeams, all: boolean): Promise<CommandResult> {
  const { io, json } = context;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  onDisconnect(io, end);
  const shown = new Set<string>();
  const alerts = new Map<string, TerminalAlerts>();
  while (!ended.signal.aborted) {
    const teams = await read();
    for (const { snapshot, claims } of json ? [] : teams) {
      const { projectId } = snapshot;
      const alert = alerts.get(projectId) ?? new TerminalAlerts(io, claims);
      alerts.set(projectId, alert);
      alert.update(snapshot);
    }
    const found = requestsOf(teams);
    for (const request of found.filter((each) => !shown.has(keyOf(each)))) {
      const lines = requestLines(request, Date.now(), all ? request.project : '');
      await write(io.stdout, json ? `${JSON.stringify(request)}\n` : `${lines.join('\n')}\n\n`);
    }
    shown.clear();
    for (const request of found) shown.add(keyOf(request));
    await sleep(WATCH_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  return { json: { ended: true }, text: '' };
}

const keyOf = ({ projectId, id, window, at }: PlacedRequest): string => `${projectId} ${id || `${window} ${at}`}`;
