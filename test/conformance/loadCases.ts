/** A machine under full load: busy loops for twice its number of cores. */
import { spawn } from 'node:child_process';
import type { Case } from './case';
import { note } from './dialogCases';
import { order } from './model';
import type { Stage } from './testSession';
import { prose } from './textCases';

const BUSY_LOOPS = 4;

function underLoad(name: string, play: (stage: Stage) => Promise<void>): Case {
  return {
    name: `full load: ${name}`,
    group: 'load',
    alone: true,
    play: async (stage) => {
      const loops = Array.from({ length: BUSY_LOOPS }, () =>
        spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }),
      );
      try {
        await play(stage);
      } finally {
        for (const loop of loops) loop.kill('SIGKILL');
      }
    },
  };
}

export const LOAD_CASES: readonly Case[] = [
  underLoad('a short line', async (stage) =>
    stage.arrives(await stage.send(note(stage, 'short, on a loaded machine'))),
  ),
  underLoad('9 KB', async (stage) => stage.arrives(await stage.send(note(stage, prose(9000))))),
  underLoad('17 KB', async (stage) => stage.arrives(await stage.send(note(stage, prose(17_000))))),
  underLoad('60 lines', async (stage) => stage.arrives(await stage.send(note(stage, prose(3600, 60))))),
  underLoad('a dialog opens while the message is typed', async (stage) => {
    const tag = stage.tag();
    await stage.says(order('permission', tag, 700));
    const sent = await stage.send(note(stage, `1 2 3 ${prose(1200)}`));
    await stage.shows(stage.user.choice, 15, false);
    await stage.until('time to see', 3, async () => false, false);
    if (stage.dialogStands(tag)) await stage.keys('Enter');
    await stage.arrives(sent);
  }),
];
