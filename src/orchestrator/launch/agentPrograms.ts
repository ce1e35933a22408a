import { randomBytes } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import type { LaunchRequest } from '../../core/team/hosts';
import { findCommand, parseCommand, type ProgramCommand } from '../../environment/prerequisites/programCommand';
import { writeLaunchScript } from '../../environment/processes/launchScript';
import { TEAM_VARIABLE } from '../../tmux/client/identity';
import type { PaneProgram } from '../../tmux/session/sessionPanes';
import { type LauncherOptions, programEnvironment, teamEnv } from './launcherOptions';

/** Prepares the program of an agent: its command, its files, its port and the script that starts it. */
export class AgentPrograms {
  constructor(private readonly options: LauncherOptions) {}

  /** Writes the files, the secret and the launch script of an agent, and returns the program for its pane. */
  async prepare(
    profile: AgentProfile,
    order: LaunchRequest,
    record: AgentRecord,
    identity: string,
  ): Promise<PaneProgram> {
    const { settings, paths, projectId, store } = this.options;
    const env = programEnvironment(this.options, order.account);
    const stateDir = paths.agentDir(projectId, order.window);
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    const { command, args } = this.commandOf(profile);
    const launch = profile.launch({
      window: order.window,
      name: order.name,
      command,
      nodeCommand: settings.tacoCommand[0],
      workspace: record.workspace,
      env,
      sessionId: record.sessionId,
      resume: record.begun === true,
      systemPrompt: order.systemPrompt,
      model: order.model,
      permissionMode: order.spec?.permission_mode,
      crossSession: settings.crossSession,
      stateDir,
      // By the shell, because the folder may be on a file system that executes nothing.
      hookCommand: ['/bin/sh', `${paths.binDir}/taco`, 'hook'],
      mcpCommand: ['/bin/sh', `${paths.binDir}/taco`, 'mcp'],
    });
    for (const file of launch.files) {
      await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
      await rm(file.path, { force: true });
      await writeFile(file.path, file.contents, { mode: 0o600 });
    }
    for (const { path, target } of launch.links ?? []) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await symlink(target, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    const secret = randomBytes(24).toString('hex');
    await store.registerSender(labelOfWindow(order.window), secret);
    const argv = await writeLaunchScript(paths.launchScript(projectId, order.window), {
      argv: [...launch.argv.slice(0, 1), ...args, ...launch.argv.slice(1)],
      cwd: record.workspace,
      env: {
        ...env,
        ...launch.env,
        ...(record.port ? { PORT: record.port } : {}),
        ...teamEnv(this.options),
        [TEAM_VARIABLE]: identity,
        TACO_WINDOW: String(order.window),
        TACO_AGENT: order.name,
        TACO_PROFILE: profile.name,
        TACO_SECRET: secret,
      },
    });
    return { argv, launch: order.launch ?? '' };
  }

  /** Takes the `PORT` of an agent; a relaunched agent first gets its earlier port. Empty: Mother, or none is free. */
  async takePort(window: number): Promise<string> {
    const { ports, log } = this.options;
    if (window === MOTHER_WINDOW) return '';
    const owner = labelOfWindow(window);
    try {
      await ports.freeAll(owner);
      const [port] = await ports.take(owner);
      return port === undefined ? '' : String(port);
    } catch (error) {
      // An agent that needs no port still starts when the port range is used up.
      log.warn('agent.port', { window, error: errorMessage(error) });
      return '';
    }
  }

  /** The executable of a profile with the arguments that the user wrote behind it. Throws TacoError cli-missing, usage. */
  commandOf(profile: AgentProfile): ProgramCommand {
    const { settings, projectDir } = this.options;
    const text = (profile.name === settings.profile ? settings.agentCommand : undefined) ?? profile.defaultCommand;
    const env = programEnvironment(this.options);
    const program = parseCommand(text, { env, projectDir });
    const found = findCommand(program, env['PATH'] ?? '');
    if (found !== null) return found;
    // Where no Node is on the PATH, as in a desktop VS Code, TACO's own programs run on TACO's Node.
    const own = text === 'node' ? settings.tacoCommand[0] : undefined;
    if (own === undefined) throw errors.cliMissing(program.command);
    return { command: own, args: program.args };
  }
}
