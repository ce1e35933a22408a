/** What a project remembers on this machine about its tmux session: by which identity, socket and server process it is found again. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A process that is told from a later one of the same number. */
export interface ServerProcess {
  readonly pid: number;
  /** As `ps` prints it. */
  readonly started: string;
}

export interface SessionRecord {
  readonly identity: string;
  /** Full path. */
  readonly socket: string;
  /** Name of the tmux session. */
  readonly session: string;
  /** Null while the session is being made. */
  readonly server: ServerProcess | null;
}

/** One file, written whole or not at all. */
export class SessionRecordFile {
  constructor(readonly path: string) {}

  /** Null when there is none, or none that can be believed. */
  async read(): Promise<SessionRecord | null> {
    const text = await readFile(this.path, 'utf8').catch(() => '');
    try {
      return toRecord(JSON.parse(text));
    } catch {
      return null;
    }
  }

  async write(record: SessionRecord): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const draft = `${this.path}.${process.pid}`;
    await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
    await rename(draft, this.path);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function toRecord(value: unknown): SessionRecord | null {
  if (typeof value !== 'object' || value === null) return null;
  const { identity, socket, session, server } = value as Record<string, unknown>;
  if (typeof identity !== 'string' || !/^[0-9a-f]{24}$/.test(identity)) return null;
  if (typeof socket !== 'string' || !socket.startsWith('/') || typeof session !== 'string') return null;
  const { pid, started } = (server ?? {}) as Record<string, unknown>;
  const isServer = Number.isInteger(pid) && Number(pid) > 1 && typeof started === 'string';
  return { identity, socket, session, server: isServer ? { pid: Number(pid), started } : null };
}
