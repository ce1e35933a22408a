/**
 * The leader's copy of its session's state on this machine: when Redis has lost everything and no process remembers
 * it, the next leader takes the running agents over by it. It contains no secret, only what Redis had.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import type { TacoPaths } from '../../core/programs/paths';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { SessionRecordFile } from '../../tmux/session/sessionRecord';

const stateSchema = z.object({
  hashes: z.array(z.tuple([z.string(), z.record(z.string(), z.string())])),
  windows: z.array(z.string().regex(/^\d{1,6}$/)),
  services: z.array(z.string()),
  plan: z.string().nullable(),
});
const fileSchema = stateSchema.extend({ identity: z.string().min(1), redis: z.string() });

/** Content of a session's keys in Redis. */
export type CopiedState = Readonly<z.infer<typeof stateSchema>>;

export class SessionCopy {
  private readonly path: string;
  private readonly tmux: SessionRecordFile;
  private readonly redis: string;
  private written = '';

  /** @param redis address of Redis, with which the agents were started */
  constructor(paths: TacoPaths, projectId: string, redis: string) {
    this.path = paths.sessionCopy(projectId);
    this.tmux = new SessionRecordFile(paths.tmuxRecord(projectId));
    // An address may contain a password.
    this.redis = createHash('sha256').update(redis).digest('hex');
  }

  /**
   * Returns the state of the session that this machine's tmux record names; null when there is none, when the file is
   * invalid, or when its agents use another Redis: they could not be reached through this one.
   */
  async read(): Promise<CopiedState | null> {
    const text = await readFile(this.path, 'utf8').catch(() => '');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return null;
    }
    const { success, data } = fileSchema.safeParse(value);
    if (!success || data.redis !== this.redis) return null;
    return (await this.tmux.read())?.identity === data.identity ? data : null;
  }

  /** Writes the state, unless the file has it already. */
  async write(identity: string, state: CopiedState): Promise<void> {
    const text = JSON.stringify({ identity, redis: this.redis, ...state });
    if (text === this.written && existsSync(this.path)) return;
    await writeFileAtomic(this.path, text);
    this.written = text;
  }

  async remove(): Promise<void> {
    this.written = '';
    await rm(this.path, { force: true });
  }
}
