/** Memory and disk space that are left on this machine. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/** Returns the memory that programs can still get, bytes: without what the system can take from its caches. */
export function freeMemory(): number {
  try {
    const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'));
    if (available) return Number(available[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return freemem();
}

export function totalMemory(): number {
  return totalmem();
}

/** Returns the space that this user can still write on the disk of a folder, bytes; Infinity when nobody knows. */
export async function freeDisk(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
