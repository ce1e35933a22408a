import { join } from 'node:path';
import { HOOKS_KEPT, type HookReport } from '../queue/hookReports';
import { DiskQueue, listDirectory } from './diskQueue';

/**
 * What agents' hooks said while Redis did not take it, each window's by itself and in its order. Whoever carries for these agents tells it again;
 * until then later ones wait behind, so that none is overtaken. Loads neither zod nor ioredis.
 */
export class HookSpool {
  /** @param dir a folder of its own; each window's is below it, and there only while it holds something */
  constructor(private readonly dir: string) {}

  async holds(window: number): Promise<boolean> {
    return (await filesOf(this.dir, window).list()).length > 0;
  }

  /** On disk when this resolves. Of very many the oldest go, as they do in Redis. */
  async put(window: number, said: HookReport): Promise<void> {
    const files = filesOf(this.dir, window);
    await files.put(said.id, JSON.stringify(said));
    for (const name of (await files.list()).slice(0, -HOOKS_KEPT)) await files.remove(name);
  }
}

function filesOf(dir: string, window: number): DiskQueue {
  return new DiskQueue(join(dir, String(window)));
}

type Tell = (window: number, text: string) => Promise<unknown>;

/** Gives each text to `tell`, by window and in order, and forgets what was told. Throws what `tell` throws; the rest then waits on. Resolves with how many. */
export async function drainHooks(dir: string, tell: Tell): Promise<number> {
  let told = 0;
  for (const name of await listDirectory(dir))
    if (/^\d{1,4}$/.test(name)) told += await drainHooksOf(dir, Number(name), tell);
  return told;
}

/** The same for one window. */
export async function drainHooksOf(dir: string, window: number, tell: Tell): Promise<number> {
  const files = filesOf(dir, window);
  const { taken } = await files.drain(async (text) => (await tell(window, text), 'taken'));
  await files.removeIfEmpty();
  return taken;
}

/** Of an agent that is about to start: what an earlier life of it said is told to nobody. */
export async function clearHookSpool(dir: string, window: number): Promise<void> {
  await filesOf(dir, window).clear();
}
