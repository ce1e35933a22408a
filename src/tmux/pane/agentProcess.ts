import { execFile } from 'node:child_process';
import { readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { PaneState } from './paneDriver';

/** A process of the foreground of some terminal, with the names by which a profile may know it. */
interface ForegroundProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

type ListForeground = () => Promise<readonly ForegroundProcess[]>;

/** All processes are listed at most this often, milliseconds: a message that is held captures its pane many times a second. */
const LIST_MS = 500;
const INTERPRETER = /^(?:node|bun|deno|electron|python[\d.]*|ruby|perl|java)$/i;

/**
 * Decides whether an agent CLI runs in a pane that tmux names after another program: a script that starts the CLI without `exec`, `npx`, a link. Then the
 * CLI is a process below the pane's own, in the foreground of its terminal.
 */
export class AgentProcesses {
  private listed: Promise<readonly ForegroundProcess[]> = Promise.resolve([]);
  private listedAt = -Infinity;

  constructor(private readonly list: ListForeground = listForeground) {}

  async runsIn({ command, pid, dead }: PaneState, profile: Pick<AgentProfile, 'ownsProcess'>): Promise<boolean> {
    if (profile.ownsProcess(command)) return true;
    if (dead || !(pid > 0)) return false;
    const all = await this.foreground();
    const below = new Set([pid]);
    for (let size = -1; size !== below.size;) {
      size = below.size;
      for (const process of all) if (below.has(process.parent)) below.add(process.pid);
    }
    for (const process of all) {
      if (!below.has(process.pid)) continue;
      if (profile.ownsProcess(process.name) || profile.ownsProcess(await executableName(process.pid))) return true;
    }
    return false;
  }

  private foreground(): Promise<readonly ForegroundProcess[]> {
    if (performance.now() - this.listedAt > LIST_MS) {
      this.listed = this.list();
      this.listedAt = performance.now();
    }
    return this.listed;
  }
}

/** Processes in the foreground group of their terminal (`+` in their state); an empty list where `ps` fails. */
function listForeground(): Promise<readonly ForegroundProcess[]> {
  return new Promise((resolve) => {
    execFile(
      'ps',
      ['-A', '-o', 'pid=,ppid=,stat=,args='],
      { env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8', timeout: 5000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => resolve(error ? [] : stdout.split('\n').flatMap(foregroundProcess)),
    );
  });
}

function foregroundProcess(line: string): readonly ForegroundProcess[] {
  const [, pid, parent, state = '', program = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
  // One that was stopped or has ended reads no key.
  if (!state.includes('+') || /^[ZTtX]/.test(state)) return [];
  return [{ pid: Number(pid), parent: Number(parent), name: basename(program) }];
}

/** The name of the program file, links resolved, where the system has /proc; empty elsewhere, and for an interpreter, which runs anything. */
async function executableName(pid: number): Promise<string> {
  const name = basename(await readlink(`/proc/${pid}/exe`).catch(() => ''));
  return INTERPRETER.test(name) ? '' : name;
}
