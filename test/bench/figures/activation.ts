import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentVsix } from '../../bed/packageSuite';
import { openStory } from '../../bed/story';
import type { Workbench } from '../../bed/workbench';
import { goal, number, type Figure } from '../figure';
import { statsOf } from '../stats';

const EMPTY = 'nothing-at-all';
const RUNS = 7;

/** An extension that does nothing, activated like any other. */
function emptyExtension(): string {
  const dir = mkdtempSync(join(tmpdir(), 'taco-empty-'));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({
    name: EMPTY, publisher: 'none', version: '1.0.0', engines: { vscode: '^1.100.0' }, main: './main.js', activationEvents: ['onStartupFinished'],
  }));
  writeFileSync(join(dir, 'main.js'), 'exports.activate = () => undefined;\n');
  return dir;
}

/** VS Code's own figure, from its editor of running extensions: loading the code and calling `activate`, milliseconds. */
async function activationOf(workbench: Workbench, extension: string): Promise<number> {
  return await workbench.eventually(async () => {
    const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: extension }).first();
    const text = await row.innerText({ timeout: 1000 }).catch(() => '');
    const match = /Activation: (\d+)ms/.exec(text);
    return match?.[1];
  }, `the activation time of ${extension}`).then(Number);
}

export const activation: Figure = {
  name: 'activation',
  title: 'Activation in the real VS Code',
  async run() {
    const empty = emptyExtension();
    const story = await openStory({ extensionDir: empty, vsix: (await currentVsix(process.cwd())).path });
    try {
      const { workbench } = story;
      const ours: number[] = [];
      const floor: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        await workbench.openContainer('TACO');
        await workbench.runCommand('Developer: Show Running Extensions');
        floor.push(await activationOf(workbench, EMPTY));
        ours.push(await activationOf(workbench, 'TACO'));
        // A new extension host for each run.
        await workbench.page.reload();
      }
      const [us, nothing] = [statsOf(ours), statsOf(floor)];
      return {
        floor: `an empty extension: p50 ${number(nothing.p50)} ms`, runs: us.n,
        measured: `p50 ${number(us.p50)} ms, most ${number(Math.max(...ours))}`,
        goals: [goal('more', us.p50 - nothing.p50, 'at most', 50, 'ms')], data: { ours, floor },
      };
    } finally {
      await story.close();
      rmSync(empty, { recursive: true, force: true });
    }
  },
};
