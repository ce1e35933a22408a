/**
 * Health checks that are commands. Redis only holds the fact that a service has one; the command itself is in the
 * user's own folder. A process with access to Redis alone can therefore run nothing. A leader on another machine runs
 * no command that was registered on this one.
 */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { labelOfWindow } from '../../core/messages/address';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { mayRunChecks, type HealthCheck } from '../../core/services/health';
import type { ServiceRecord } from '../../core/services/serviceRecord';

/** Maximum run time, shorter than the interval between two rounds, milliseconds. */
const MAX_RUN_MS = 4000;

const checkFileSchema = z.object({ owner: z.string(), argv: z.array(z.string().min(1)).min(1).max(64) });

/** Stores the commands of a project's services, one file each. File names fit `serviceRecordSchema`. */
export class CommandChecks {
  private readonly dir: string;

  /** @param projectDir TACO's own folder for the project */
  constructor(projectDir: string) {
    this.dir = join(projectDir, 'checks');
  }

  async keep(service: string, owner: string, argv: readonly string[]): Promise<void> {
    await writeFileAtomic(this.file(service), JSON.stringify(checkFileSchema.parse({ owner, argv })));
  }

  async drop(service: string): Promise<void> {
    await rm(this.file(service), { force: true });
  }

  /** Returns the command that this owner registered for this service; null when there is none. */
  async find(service: string, owner: string): Promise<readonly string[] | null> {
    try {
      const { data } = checkFileSchema.safeParse(JSON.parse(await readFile(this.file(service), 'utf8')));
      return data?.owner === owner ? data.argv : null;
    } catch {
      return null;
    }
  }

  private file(service: string): string {
    return join(this.dir, `${service}.json`);
  }
}

export interface CommandCheckerOptions {
  readonly checks: CommandChecks;
  /** Folder in which the user's commands run. */
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly agents: () => readonly AgentRecord[];
}

/** Runs the commands for the leader: in the owner's folder, without a shell, with a time limit. */
export class CommandChecker {
  constructor(private readonly options: CommandCheckerOptions) {}

  /** Returns null without a run: the command is not registered here, or its agent has ended or lost the right. */
  async run({ name, owner, port }: ServiceRecord): Promise<HealthCheck | null> {
    const agent = this.options.agents().find(({ window }) => labelOfWindow(window) === owner);
    const argv = mayRunChecks(owner, agent) ? await this.options.checks.find(name, owner) : null;
    return argv && run(argv, agent?.workspace ?? this.options.projectDir, { ...this.options.env, PORT: String(port) });
  }
}

/** Runs a command: exit code 0 is good, a timeout is bad. A command that times out ends with everything it started. */
function run(
  [command = '', ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<HealthCheck> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: 'ignore', detached: true });
    let late = false;
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // All its processes have ended.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      endGroup();
    }, MAX_RUN_MS);
    const end = (result: HealthCheck): void => {
      clearTimeout(timer);
      endGroup();
      resolve(result);
    };
    child.once('error', () => end('none'));
    child.once('exit', (code) => end(code === 0 ? 'good' : late ? 'bad' : 'none'));
  });
}
