import type { AgentRecord } from '../../core/agents/agentRecord';
import type { DisposableLike } from '../../core/base/disposable';
import { FIRST_AGENT_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { newsOf } from '../../core/proof/pullRequestNews';
import type { SentNews } from '../../environment/gitHub/sentNews';
import type { PullRequests } from '../../team/work/pullRequests';
import type { AgentManager } from '../agents/agentManager';
import type { TeamNotifier } from '../session/teamNotifier';

/** Time between two requests to GitHub, milliseconds. */
const INTERVAL_MS = 60_000;

export interface PullRequestWatchOptions {
  readonly agents: () => Pick<AgentManager, 'all'> | undefined;
  readonly pullRequests: Pick<PullRequests, 'status'>;
  readonly sent: SentNews;
  readonly notices: Pick<TeamNotifier, 'notify'>;
  readonly log: Logger;
  /** Absent: 60,000. */
  readonly intervalMs?: number | undefined;
}

/**
 * Asks GitHub about the agents' pull requests, one request at a time, and sends each failed check and each comment to
 * its author once. Only the setting `watch` makes one.
 */
export class PullRequestWatch implements DisposableLike {
  private timer: NodeJS.Timeout | undefined;
  private isDisposed = false;

  constructor(private readonly options: PullRequestWatchOptions) {
    this.schedule();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.isDisposed) return;
    this.timer = setTimeout(() => {
      void this.check()
        .catch((error: unknown) => this.options.log.warn('pull-requests', { error: errorMessage(error) }))
        .finally(() => this.schedule());
    }, this.options.intervalMs ?? INTERVAL_MS);
    this.timer.unref();
  }

  private async check(): Promise<void> {
    const { agents, pullRequests, sent } = this.options;
    const own = (agents()?.all ?? []).filter(({ window, host = '' }) => window >= FIRST_AGENT_WINDOW && host === '');
    if (own.length === 0) return;
    const found = await pullRequests.status(own);
    const known = new Set(await sent.list());
    for (const { agent, pullRequest } of found) {
      const record = own.find(({ name }) => name === agent);
      if (!record || !pullRequest) continue;
      for (const { id, text } of newsOf(pullRequest)) {
        // Another process may lead by now; it sends what this one leaves.
        if (this.isDisposed) return;
        if (!known.has(id)) await this.send(record, id, text);
      }
    }
  }

  /** The id of the message comes from that of the news, so a leader that dies between the two steps sends it once. */
  private async send({ window }: AgentRecord, id: string, text: string): Promise<void> {
    const { notices, sent } = this.options;
    if (await notices.notify(labelOfWindow(window), text, JSON.stringify(['pull-request', window, id])))
      await sent.add(id);
  }
}
