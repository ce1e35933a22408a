import * as l10n from '@vscode/l10n';
import { duration } from '../../core/base/duration';
import { setText } from '../shared/dom';
import type { HostClock } from './hostClock';

/** Cells that show elapsed times; they advance between posts. */
export class ElapsedLabels {
  private readonly cells = new Map<HTMLElement, number>();
  constructor(private readonly time: HostClock) {}

  /** @param since milliseconds since the epoch; 0: unknown, the cell stays empty */
  set(cell: HTMLElement, since: number): void {
    this.cells.set(cell, since);
    this.say(cell, since);
  }

  tick(): void {
    for (const [cell, since] of this.cells) {
      if (cell.isConnected) this.say(cell, since);
      else this.cells.delete(cell);
    }
  }

  private say(cell: HTMLElement, since: number): void {
    setText(cell, since > 0 ? duration(this.time.now() - since, l10n.t) : '');
  }
}
