/**
 * Options by which front ends (VS Code, `taco`) open a project. `openTeam` returns the client that every view uses;
 * `Engine` leads the project while this process holds the lease.
 */
import type { Logger } from '../core/base/logger';
import type { TacoPaths } from '../core/programs/paths';

export interface OpenTeamOptions {
  /** Any folder; its real path identifies the project. */
  readonly projectDir: string;
  readonly paths: TacoPaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Redis URL that the user set (may hold a password: never logged); undefined: TACO's own Redis. */
  readonly redisUrl: string | undefined;
  /** False: only connect, never start TACO's own Redis (short-lived commands). */
  readonly startRedis: boolean;
  readonly logger: Logger;
}
