import { rmSync } from 'node:fs';
import { openStory } from '../../harness/openStory';
import type { Workbench } from '../../harness/workbench';
import { goal, number, type Figure } from '../figure';
import { builtVsix, EMPTY, emptyExtension } from '../product';
import { statsOf } from '../stats';

const RUNS = 9;

/**
 * Returns VS Code's own figure from its editor of running extensions: the time to load the code and call `activate`,
 * milliseconds.
 */
async function activationOf(workbench: Workbench, extension: string): Promise<number> {
  return await workbench
    .eventually(async () => {
      const list = workbench.page.locator('.runtime-extensions-editor .monaco-list');
      // The slowest are first, and VS Code draws only the rows that fit.
      for (const key of ['Home', 'End']) {
        await list.press(key, { timeout: 1000 }).catch(() => undefined);
        const text = await list
          .locator('.monaco-list-row')
          .filter({ hasText: extension })
          .first()
          .innerText({ timeout: 300 })
          .catch(() => '');
        const match = /Activation: (\d+)ms/.exec(text);
        if (match) return match[1];
      }
      return undefined;
    }, `the activation time of ${extension}`)
    .then(Number);
}

export const activation: Figure = {
  name: 'activation',
  title: 'Activation in the real VS Code',
  async run() {
    const empty = emptyExtension();
    const story = await openStory({ extensionDir: empty, vsix: await builtVsix() });
    try {
      const { workbench } = story;
      const ours: number[] = [];
      const floor: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        await workbench.runCommand('Developer: Show Running Extensions');
        floor.push(await activationOf(workbench, EMPTY));
        ours.push(await activationOf(workbench, 'TACO'));
        // A new extension host for each run.
        await workbench.page.reload();
      }
      const [us, nothing] = [statsOf(ours), statsOf(floor)];
      return {
        floor: `an empty extension: p50 ${number(nothing.p50)} ms`,
        runs: us.n,
        measured: `p50 ${number(us.p50)} ms, most ${number(Math.max(...ours))}`,
        goals: [goal('more', us.p50 - nothing.p50, 'at most', 50, 'ms')],
        data: { ours, floor },
      };
    } finally {
      await story.close();
      rmSync(empty, { recursive: true, force: true });
    }
  },
};
