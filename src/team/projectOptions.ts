/**
 * How the front ends (VS Code, `taco`) get at a project. `openTeam` gives the client every view uses;
 * `Engine` leads the project while its process may.
 */
import type { TacoPaths } from '../core/base/paths';
import type { Logger } from '../core/team/ports';

export interface OpenTeamOptions {
  /** Any folder; its real path names the project. */
  readonly projectDir: string;
  readonly paths: TacoPaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Redis URL the person set (may hold a password: never logged); undefined: TACO's own Redis. */
  readonly redisUrl: string | undefined;
  /** False: never start a Redis of ours, only connect (short-lived commands). */
  readonly startRedis: boolean;
  readonly logger: Logger;
}
