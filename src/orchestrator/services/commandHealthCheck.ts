/**
 * Health checks that are commands. Redis tells only that a service has one: the command itself lies in the person's own folder, so
 * whoever writes to Redis alone can have nothing run, and a leader on another machine runs nothing that was meant for this one.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { labelOfWindow } from '../../core/messages/address';
import type { AgentRecord, ServiceRecord } from '../../core/models';
import { mayRunChecks, type HealthCheck } from '../../core/services/health';

/** Shorter than the time between two rounds, milliseconds. */
const LONGEST_RUN = 4000;

const kept = z.object({ owner: z.string(), argv: z.array(z.string().min(1)).min(1).max(64) });

/** The commands of a project's services, a file each. Names fit `serviceRecordSchema`. */
export class CommandChecks {
  private readonly dir: string;

  /** @param projectDir folder of TACO's own for the project */
  constructor(projectDir: string) {
    this.dir = join(projectDir, 'checks');
  }

  async keep(service: string, owner: string, argv: readonly string[]): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    const draft = `${this.file(service)}.${process.pid}`;
    await writeFile(draft, JSON.stringify(kept.parse({ owner, argv })), { mode: 0o600 });
    await rename(draft, this.file(service));
  }

  async drop(service: string): Promise<void> {
    await rm(this.file(service), { force: true });
  }

  /** What this owner registered for this service; null when there is nothing. */
  async find(service: string, owner: string): Promise<readonly string[] | null> {
    try {
      const { data } = kept.safeParse(JSON.parse(await readFile(this.file(service), 'utf8')));
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
  /** Where the person's commands run. */
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly agents: () => readonly AgentRecord[];
}

/** Runs them, as the leader: in the owner's folder, without a shell, for a short time. */
export class CommandChecker {
  constructor(private readonly options: CommandCheckerOptions) {}

  /** Null when nothing is run: nobody here registered the command, its agent is gone, or may not any more. */
  async look({ name, owner, port }: ServiceRecord): Promise<HealthCheck | null> {
    const agent = this.options.agents().find(({ window }) => labelOfWindow(window) === owner);
    const argv = mayRunChecks(owner, agent) ? await this.options.checks.find(name, owner) : null;
    return argv && run(argv, agent?.workspace ?? this.options.projectDir, { ...this.options.env, PORT: String(port) });
  }
}

/** Exit code 0 is good, a command that goes on for too long is bad; it is ended with all that it started. */
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
        // Nothing of it runs any more.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      endGroup();
    }, LONGEST_RUN);
    const end = (result: HealthCheck): void => {
      clearTimeout(timer);
      endGroup();
      resolve(result);
    };
    child.once('error', () => end('none'));
    child.once('exit', (code) => end(code === 0 ? 'good' : late ? 'bad' : 'none'));
  });
}
