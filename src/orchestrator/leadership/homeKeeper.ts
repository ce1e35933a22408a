import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import { rescueRedis } from '../../redis/server/redisRescue';
import type { Team } from '../../team/team';
import { HomeFiles } from './homeFiles';

/** Interval at which the home is checked, milliseconds. */
const CHECK_MS = 500;
/** The files are read again this often, milliseconds. */
const READ_MS = 3000;
/** A home counts as deleted when it was seen so this often in a row: a deletion takes time. */
const MISSES = 2;

/**
 * Repairs TACO_HOME after it was deleted while a team runs: without its `taco` no agent can send, and without its socket
 * nobody can connect to Redis, which lives on without a file. The process that leads has what is needed.
 */
export class HomeKeeper implements DisposableLike {
  private readonly files: HomeFiles;
  private timer: NodeJS.Timeout | null = null;
  private working = false;
  private readAt = 0;
  private latest = 0;
  private misses = 0;

  constructor(
    private readonly team: Team,
    private readonly log: Logger,
  ) {
    this.files = new HomeFiles(team.options.paths, team.projectId);
  }

  /** Begins with a term. */
  begin(): void {
    this.end();
    this.timer = setInterval(() => void this.check(), CHECK_MS);
    this.timer.unref();
  }

  /** Ends with it: another process repairs from now on. */
  end(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.misses = 0;
  }

  dispose(): void {
    this.end();
  }

  /** True for TACO's own Redis only, and only while its connection stands: everything that is left of it is there. */
  private get hasLostSocket(): boolean {
    const { options, redis } = this.team;
    const own = options.startRedis && options.redisUrl === undefined;
    return own && redis.isUp && !existsSync(options.paths.redisSocket);
  }

  private get hasLostFiles(): boolean {
    const { paths } = this.team.options;
    return this.readAt > 0 && !existsSync(join(paths.binDir, 'taco'));
  }

  private async check(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      if (!this.hasLostSocket && !this.hasLostFiles) {
        this.misses = 0;
        if (Date.now() - this.readAt >= READ_MS) await this.read();
      } else if (++this.misses >= MISSES && this.timer) await this.repair();
    } catch (error) {
      this.log.error('home.repair', { error: errorMessage(error) });
    } finally {
      this.working = false;
    }
  }

  private async read(): Promise<void> {
    // Without the command there is no team yet.
    if (!existsSync(join(this.team.options.paths.binDir, 'taco'))) return;
    const latest = await this.files.read();
    this.readAt = Date.now();
    if (latest > this.latest) this.log.debug('home.read', { latest });
    this.latest = latest;
  }

  private async repair(): Promise<void> {
    const { options, redis, store } = this.team;
    const { home } = options.paths;
    const files = await this.files.restore();
    const keys = this.hasLostSocket ? await rescueRedis(options, redis) : null;
    this.misses = 0;
    this.log.warn('home.repaired', { home, files, keys });
    if (files === 0 && keys === null) return;
    await redis.ready(10_000);
    await store.note(
      files > 0
        ? `The folder ${home} was deleted while the team runs. TACO wrote its own files and the queue again; worktrees and CLI records that were in it are gone`
        : `The socket of TACO's Redis was deleted while the team runs. TACO moved the queue to a new one`,
    );
  }
}
