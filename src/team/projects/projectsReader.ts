import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { TacoPaths } from '../../core/programs/paths';
import type { InputResponse } from '../../core/requests/inputRequest';
import { offeredRule, previewRules } from '../../core/rules/previewRules';
import type { Rule } from '../../core/rules/rules';
import type { Snapshot } from '../../core/team/snapshot';
import type { NotificationClaims } from '../../core/team/teamClient';
import { systemClock } from '../../environment/systemClock';
import { RedisConnection } from '../../redis/client/connection';
import { parseEndpoint, socketEndpoint } from '../../redis/client/endpoint';
import { Keys } from '../../redis/client/keys';
import { readDecisions } from '../../redis/state/decisionLog';
import { RedisNotificationClaims } from '../../redis/state/notificationClaims';
import { FinishedMessageCache, readSnapshot } from '../../redis/state/readSnapshot';
import { answerRequest } from '../requests/answerRequest';
import { RuleStore } from '../rules/ruleStore';
import { readProjectFile } from './projectFile';

/** A project of this machine that has a team, or whose Redis does not answer. */
export interface ProjectView {
  readonly id: string;
  readonly dir: string;
  /** Null when it could not be read. */
  readonly snapshot: Snapshot | null;
  /** Why it could not be read; empty when it was. */
  readonly problem: string;
}

/** A rule that the user may grant after equal answers. */
export interface RuleOffer {
  readonly rule: Omit<Rule, 'id'>;
  /** Requests of the newest `requests` that it would have answered. */
  readonly answered: number;
  readonly requests: number;
}

interface KnownProject {
  readonly id: string;
  readonly dir: string;
  /** Undefined: TACO's own Redis. */
  readonly redisUrl: string | undefined;
}

/** A Redis that does not answer within this is unreachable, milliseconds: a list must not wait for it. */
const CONNECT_MS = 1500;
/** Earlier requests on which an offered rule is tried. */
const PREVIEWED = 200;

/** Reads every team that TACO knows on this machine. It starts nothing, and writes nothing but an answer. */
export class ProjectsReader implements DisposableLike {
  private readonly store = new DisposableStore();
  private readonly connections = new Map<string, RedisConnection>();

  constructor(
    private readonly paths: TacoPaths,
    private readonly log: Logger,
  ) {}

  /** Returns the projects with a team, ordered by folder. A project that cannot be read has a `problem`. */
  async read(): Promise<readonly ProjectView[]> {
    const views = await Promise.all(this.known().map((project) => this.viewOf(project)));
    return views.filter((view) => view !== null).sort((a, b) => a.dir.localeCompare(b.dir));
  }

  /** Answers an open request of any project. Throws as `TeamClient.answer`. */
  async answer(projectId: string, id: string, answer: InputResponse): Promise<void> {
    const project = this.known().find((each) => each.id === projectId);
    const redis = await this.connect(project?.redisUrl);
    await answerRequest({ redis, keys: new Keys(projectId), clock: systemClock, log: this.log }, id, answer, {
      kind: 'user',
    });
  }

  /**
   * Returns the rule to offer after the user's last answer, and how many of the newest requests it would have answered;
   * null when none is to be offered.
   */
  async offer(projectId: string): Promise<RuleOffer | null> {
    const project = this.known().find((each) => each.id === projectId);
    const redis = await this.connect(project?.redisUrl);
    const past = await readDecisions(redis, new Keys(projectId), PREVIEWED);
    const rules = await new RuleStore(this.paths.rulesFile(projectId)).read();
    const rule = offeredRule(past, rules, systemClock.now());
    if (rule === null) return null;
    const seen = previewRules([...rules, { id: 'new', ...rule }], past, systemClock.now());
    return {
      rule,
      answered: seen.filter(({ would }) => would.kind === 'allow' && would.rule.split('+').includes('new')).length,
      requests: past.length,
    };
  }

  /** Returns the claims with which the windows and terminals of a project alert the user once. */
  claims(projectId: string): Pick<NotificationClaims, 'take' | 'markShown'> {
    const project = this.known().find((each) => each.id === projectId);
    const claims = async (): Promise<NotificationClaims> =>
      new RedisNotificationClaims(await this.connect(project?.redisUrl), new Keys(projectId));
    return {
      take: async (key, window) => (await claims()).take(key, window),
      markShown: async (key) => (await claims()).markShown(key),
    };
  }

  /** Adds a rule that the user grants. */
  async addRule(projectId: string, rule: RuleOffer['rule']): Promise<void> {
    await new RuleStore(this.paths.rulesFile(projectId)).add(rule);
  }

  dispose(): void {
    this.store.dispose();
  }

  private known(): readonly KnownProject[] {
    const folder = join(this.paths.home, 'projects');
    let ids: readonly string[];
    try {
      ids = readdirSync(folder);
    } catch {
      return [];
    }
    return ids.flatMap((id) => {
      const { dir, redisUrl } = readProjectFile(this.paths.projectFile(id));
      return dir === undefined ? [] : [{ id, dir, redisUrl }];
    });
  }

  private async viewOf({ id, dir, redisUrl }: KnownProject): Promise<ProjectView | null> {
    // TACO's own Redis runs as long as one of its teams does.
    if (redisUrl === undefined && !existsSync(this.paths.redisSocket)) return null;
    try {
      const redis = await this.connect(redisUrl);
      const keys = new Keys(id);
      if ((await redis.call('EXISTS', keys.session)) !== 1) return null;
      const snapshot = await readSnapshot(redis, keys, systemClock.now(), this.log, new FinishedMessageCache());
      return snapshot.session === null ? null : { id, dir, snapshot, problem: '' };
    } catch (error) {
      return { id, dir, snapshot: null, problem: errorMessage(error) };
    }
  }

  /** Returns the connection to a Redis, one for all of its projects. Throws TacoError redis-unreachable. */
  private async connect(redisUrl: string | undefined): Promise<RedisConnection> {
    const key = redisUrl ?? '';
    let connection = this.connections.get(key);
    if (!connection) {
      const endpoint = redisUrl === undefined ? socketEndpoint(this.paths.redisSocket) : parseEndpoint(redisUrl);
      connection = this.store.add(new RedisConnection({ endpoint, logger: this.log }));
      this.connections.set(key, connection);
    }
    await connection.ready(CONNECT_MS);
    return connection;
  }
}
