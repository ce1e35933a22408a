/**
 * A project's record of its tmux session on this machine: the identity, socket and server process by which TACO finds
 * it again.
 */
import { readFile, rm } from 'node:fs/promises';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { isIdentity } from '../client/identity';

/** A process with its start time, which reveals a reused process id. */
export interface ServerProcess {
  readonly pid: number;
  /** Start time, as `processTable.ts` has it. */
  readonly started: string;
}

export interface SessionRecord {
  readonly identity: string;
  /** Full path of the socket. */
  readonly socket: string;
  /** Name of the tmux session. */
  readonly session: string;
  /** Null while the session is being created. */
  readonly server: ServerProcess | null;
}

/** One file, written atomically. */
export class SessionRecordFile {
  constructor(readonly path: string) {}

  /** Returns the record; null when it is missing or invalid. */
  async read(): Promise<SessionRecord | null> {
    const text = await readFile(this.path, 'utf8').catch(() => '');
    try {
      return toRecord(JSON.parse(text));
    } catch {
      return null;
    }
  }

  async write(record: SessionRecord): Promise<void> {
    await writeFileAtomic(this.path, JSON.stringify(record));
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function toRecord(value: unknown): SessionRecord | null {
  if (typeof value !== 'object' || value === null) return null;
  const { identity, socket, session, server } = value as Record<string, unknown>;
  if (typeof identity !== 'string' || !isIdentity(identity)) return null;
  if (typeof socket !== 'string' || !socket.startsWith('/') || typeof session !== 'string') return null;
  const { pid, started } = (server ?? {}) as Record<string, unknown>;
  const isServer = Number.isInteger(pid) && Number(pid) > 1 && typeof started === 'string';
  return { identity, socket, session, server: isServer ? { pid: Number(pid), started } : null };
}
