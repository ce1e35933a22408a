import { join } from 'node:path';
import type { HookReport } from '../../core/agents/hookData';
import { MAX_HOOK_REPORTS } from '../queue/hookReports';
import { DiskQueue, listDirectory } from './diskQueue';

/**
 * Spools hook reports that Redis did not accept, in order, separately for each window. The process that delivers for
 * these agents publishes them later. Until then newer reports wait behind them, so that the order is preserved. Loads
 * neither zod nor ioredis.
 */
export class HookSpool {
  /** @param dir a folder used only for this; it has a subfolder for each window, only while that holds reports */
  constructor(private readonly dir: string) {}

  async holds(window: number): Promise<boolean> {
    return (await filesOf(this.dir, window).list()).length > 0;
  }

  /** Spools a report; it is on disk when this resolves. Removes the oldest beyond `HOOKS_KEPT`, as Redis does. */
  async put(window: number, report: HookReport): Promise<void> {
    const files = filesOf(this.dir, window);
    await files.put(report.id, JSON.stringify(report));
    for (const name of (await files.list()).slice(0, -MAX_HOOK_REPORTS)) await files.remove(name);
  }
}

function filesOf(dir: string, window: number): DiskQueue {
  return new DiskQueue(join(dir, String(window)));
}

type PublishHook = (window: number, text: string) => Promise<unknown>;

/**
 * Passes each text to `tell`, by window and in order, and removes it afterwards. Rethrows an error of `tell` and keeps
 * the rest. Resolves with the number of texts passed.
 */
export async function drainHooks(dir: string, publish: PublishHook): Promise<number> {
  let published = 0;
  for (const name of await listDirectory(dir))
    if (/^\d{1,4}$/.test(name)) published += await drainHooksOf(dir, Number(name), publish);
  return published;
}

/** Does the same as `drainHooks` for one window. */
export async function drainHooksOf(dir: string, window: number, publish: PublishHook): Promise<number> {
  const files = filesOf(dir, window);
  const { taken } = await files.drain(async (text) => (await publish(window, text), 'taken'));
  await files.removeIfEmpty();
  return taken;
}

/** Removes the spooled reports of an agent that is about to start, because they belong to its previous launch. */
export async function clearHookSpool(dir: string, window: number): Promise<void> {
  await filesOf(dir, window).clear();
}
