import type { HostVitals } from '../../core/vitals/vitals';
import { freeDisk, freeMemory, totalMemory } from '../../environment/machine/machineRoom';

export interface RoomWatchOptions {
  /** TACO's folder: Redis writes to its disk. */
  readonly home: string;
  /** No agent is launched with less free memory, MB; 0: no floor. */
  readonly memoryFloorMb: number;
  /** Adds a text to the user's inbox. */
  readonly notifyUser: (text: string) => Promise<void>;
  readonly machine?: {
    readonly freeMemory: () => number;
    readonly totalMemory: () => number;
    readonly freeDisk: (folder: string) => Promise<number>;
  };
}

const MEGABYTE = 1024 * 1024;
/** With less free memory than so many floors the user is warned; with more than the second they are again, later. */
const WARN_AT = 1.5;
const WARN_AGAIN_ABOVE = 2.5;
/** Redis refuses to write on a full disk; a rewrite of its append-only file needs as much again, bytes. */
const LITTLE_DISK = 500 * MEGABYTE;
const MUCH_DISK = 1000 * MEGABYTE;
/** A disk that nobody can measure is stored as this, bytes. */
const UNKNOWN_DISK = Number.MAX_SAFE_INTEGER;

/** Watches the free memory and disk space of this machine, and warns the user once before either is used up. */
export class RoomWatch {
  private warnedOfMemory = false;
  private warnedOfDisk = false;

  constructor(private readonly options: RoomWatchOptions) {}

  async check(): Promise<Pick<HostVitals, 'freeMemory' | 'totalMemory' | 'freeDisk'>> {
    const machine = this.options.machine ?? { freeMemory, totalMemory, freeDisk };
    const found = {
      freeMemory: machine.freeMemory(),
      totalMemory: machine.totalMemory(),
      freeDisk: Math.min(UNKNOWN_DISK, await machine.freeDisk(this.options.home)),
    };
    await this.judgeMemory(found.freeMemory);
    await this.judgeDisk(found.freeDisk);
    return found;
  }

  private async judgeMemory(free: number): Promise<void> {
    const { memoryFloorMb, notifyUser } = this.options;
    const floor = memoryFloorMb * MEGABYTE;
    if (free > floor * WARN_AGAIN_ABOVE) this.warnedOfMemory = false;
    if (floor === 0 || free >= floor * WARN_AT || this.warnedOfMemory) return;
    this.warnedOfMemory = true;
    await notifyUser(
      `This machine has only ${megabytes(free)} of memory left. Below ${memoryFloorMb} MB (taco.memoryFloor) no agent is launched. Stop agents that you do not need: taco stop AGENT.`,
    );
  }

  private async judgeDisk(free: number): Promise<void> {
    const { home, notifyUser } = this.options;
    if (free > MUCH_DISK) this.warnedOfDisk = false;
    if (free >= LITTLE_DISK || this.warnedOfDisk) return;
    this.warnedOfDisk = true;
    await notifyUser(
      `The disk of ${home} has only ${megabytes(free)} left. When it is full, Redis accepts no message any more. Free some space.`,
    );
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}
