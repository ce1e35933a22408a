import { homedir } from 'node:os';
import { render } from '../../core/base/localizedText';
import { TacoPaths } from '../../core/programs/paths';
import type { DoctorCheck } from '../../environment/prerequisites/doctorCheck';
import { checkPrograms } from '../../environment/prerequisites/programChecks';
import { checkSurroundings } from '../../environment/prerequisites/surroundings';
import { checkAgentCommand } from '../../environment/prerequisites/toolChecks';
import { columnsOf } from '../output/terminalText';
import type { CommandContext } from '../runtime/commandContext';
import { findProject, type ProjectPlace } from '../runtime/findProject';
import type { CommandResult } from '../runtime/io';
import { agentClis, cliLines, cliRepairs } from './doctorAgentClis';

const LEVELS: Readonly<Record<DoctorCheck['state'], string>> = { ok: 'ok', warning: 'WARNING', error: 'ERROR' };

interface Row extends Record<'id' | 'title' | 'detail' | 'cure', string> {
  readonly state: DoctorCheck['state'];
  readonly name: string;
  readonly ok: boolean;
  readonly level: DoctorCheck['state'];
  readonly found: string;
  readonly needed: string;
  readonly repair: string;
}

/** A check in the shape of `taco doctor --json`; its older members (`name` to `repair`) say the same. */
function rowOf(check: DoctorCheck & { readonly needed?: string }): Row {
  const { id, state, needed = '' } = check;
  const [title, found] = [render(check.title), render(check.detail)];
  const repair = check.cure === null ? '' : render(check.cure);
  const older = { name: id, ok: state === 'ok', level: state, found, needed, repair };
  return { id, title, state, detail: found, cure: repair, ...older };
}

/** Returns the project that a command here would use, known or not. */
function projectOf(context: CommandContext): ProjectPlace {
  const { invocation, io } = context;
  const options = {
    project: invocation.text('project'),
    redis: invocation.text('redis'),
    socket: invocation.text('socket'),
    env: io.env,
    cwd: io.cwd,
  };
  return findProject(options, true);
}

/**
 * `taco doctor`: exit code 1 when a required program is missing or too old. git is not required: its absence is a
 * warning.
 */
export async function doctor(context: CommandContext): Promise<CommandResult> {
  const { env } = context.io;
  const agent = context.invocation.text('agent-command') ?? 'claude';
  const paths = new TacoPaths(env, homedir());
  const { dir: projectDir, socket: tmuxSocket, redisUrl } = projectOf(context);
  const place = { paths, projectDir, env, tmuxCommand: 'tmux', tmuxSocket, redisUrl };
  const [programs, surroundings] = await Promise.all([
    checkAgentCommand(agent, place).then((found) =>
      checkPrograms({ ...place, node: process.versions.node, agent: found }),
    ),
    checkSurroundings(place),
  ]);
  const checks = [...programs, ...surroundings].map(rowOf);
  const tmux = programs.find(({ id }) => id === 'tmux');
  const clis = await agentClis(context, agent, {
    tmuxCommand: 'tmux',
    tmux: tmux?.state === 'ok' ? tmux.version : '',
    paths,
    env,
    cwd: context.io.cwd,
    projectDir,
  });
  const repairs = [...checks.filter((check) => check.repair !== '').map((check) => check.repair), ...cliRepairs(clis)];
  const table = columnsOf(checks.map(({ level, name, found }) => [LEVELS[level], name, found]));
  const text = [
    ...table,
    ...cliLines(clis),
    ...(repairs.length > 0 ? ['', 'To repair:', ...repairs.map((repair) => `  ${repair}`)] : []),
  ].join('\n');
  const ok = checks.every((check) => check.level !== 'error');
  return { json: { ok, checks, agentClis: clis, repairs }, text, exitCode: ok ? 0 : 1 };
}
