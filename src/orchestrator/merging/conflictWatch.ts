import type { AgentRecord } from '../../core/agents/agentRecord';
import type { DisposableLike } from '../../core/base/disposable';
import { FIRST_AGENT_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import type { SerialQueue } from '../../core/base/serialQueue';
import { errorMessage } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { specOf } from '../../core/plan/agentSpecs';
import { conflictsText } from '../../core/proof/conflicts';
import { conflictWith, outsideOwned } from '../../core/proof/mergeTexts';
import type { StateStore } from '../../core/team/ports';
import type { Git } from '../../environment/git/git';
import { Radar, type RadarReport } from '../../environment/merging/radar';
import type { AgentManager } from '../agents/agentManager';
import type { TeamNotifier } from '../session/teamNotifier';

/** Turns that end within this time are looked at together, milliseconds. */
const SETTLE_MS = 2000;

export interface ConflictWatchOptions {
  readonly store: Pick<StateStore, 'note'>;
  readonly projectDir: string;
  readonly git: Git;
  readonly agents: () => AgentManager | undefined;
  /** The leader's own queue: state changes in it only. */
  readonly work: SerialQueue;
  readonly notices: Pick<TeamNotifier, 'notify'>;
  readonly log: Logger;
}

/**
 * Compares the agents' worktrees after a turn of one of them, and tells both authors of a conflict once, while it is
 * cheap to resolve. It does nothing while nobody works.
 */
export class ConflictWatch implements DisposableLike {
  private readonly radar: Radar;
  private readonly reported = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private scanning: Promise<void> = Promise.resolve();

  constructor(private readonly options: ConflictWatchOptions) {
    this.radar = new Radar(options.git, options.projectDir);
  }

  /** A turn of an agent has ended. Returns at once. */
  onTurn(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.scanning = this.scanning
        .then(() => this.scan())
        .catch((error: unknown) => this.options.log.debug('conflicts', { error: errorMessage(error) }));
    }, SETTLE_MS);
    this.timer.unref();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async scan(): Promise<void> {
    const { projectDir, agents, store } = this.options;
    const own = (agents()?.all ?? []).filter(
      ({ window, workspace, host = '', proof }) =>
        window >= FIRST_AGENT_WINDOW && host === '' && workspace !== projectDir && proof !== 'merged',
    );
    if (own.length < 2) return this.mark([]);
    const trees = own.map((record) => ({ name: record.name, path: record.workspace, owns: specOf(record)?.owns }));
    const { overlaps, outside } = await this.radar.scan(trees);
    this.mark(overlaps);
    for (const { agents: names, conflicts } of overlaps) {
      if (conflicts.length === 0) continue;
      const files = conflicts.map(({ file }) => file);
      if (!this.first([...names, ...files])) continue;
      await store.note(`${names.join(' and ')} change the same lines: ${files.join(', ')}`);
      for (const [me, peer] of [names, [names[1], names[0]] as const]) {
        const [record, other] = [own.find(({ name }) => name === me), own.find(({ name }) => name === peer)];
        if (record && other)
          await this.notify(record, conflictWith(conflicts, other, specOf(other)?.task ?? other.role), [
            ...names,
            ...files,
          ]);
      }
    }
    for (const { agent, files } of outside) {
      const record = own.find(({ name }) => name === agent);
      if (record && this.first([agent, ...files])) await this.notify(record, outsideOwned(files), [agent, ...files]);
    }
  }

  /** Writes each agent's conflicts into its record, where every view finds them; those that are resolved go. */
  private mark(overlaps: RadarReport['overlaps']): void {
    this.options.work.add(async () => {
      const manager = this.options.agents();
      for (const { window, name, conflicts = '' } of manager?.all ?? []) {
        const text = conflictsText(
          overlaps.flatMap(({ agents: [one, other], conflicts: found }) =>
            found.length > 0 && (one === name || other === name)
              ? [{ agent: one === name ? other : one, files: found.map(({ file }) => file) }]
              : [],
          ),
        );
        if (text !== conflicts) await manager?.change(window, { conflicts: text });
      }
    });
  }

  private first(parts: readonly string[]): boolean {
    const key = JSON.stringify(parts);
    if (this.reported.has(key)) return false;
    this.reported.add(key);
    return true;
  }

  private async notify(record: AgentRecord, text: string, about: readonly string[]): Promise<void> {
    const purpose = JSON.stringify(['conflict', record.window, record.startedAt, ...about]);
    await this.options.notices.notify(labelOfWindow(record.window), text, purpose);
  }
}
