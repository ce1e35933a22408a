/** The start of an agent, with or without a dialog in front. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case';
import { ANSWERED, type HomeOptions } from './clis/cli';
import { note } from './dialogCases';
import type { Stage } from './testSession';

/** Opens a dialog at the start, which the user's keys answer; no message that is sent before may answer it. */
export function dialogAtStart(
  name: string,
  home: HomeOptions,
  shows: RegExp,
  answer: (stage: Stage) => readonly string[],
): Case {
  return {
    name,
    home,
    group: 'start',
    play: async (stage) => {
      await stage.shows(shows, 30);
      await sleep(300);
      const sent = await stage.send(note(stage, 'the first message, and a dialog is in front'));
      await stage.held(sent, 'dialog');
      if (await stage.shows(shows, 0, false)) {
        for (const key of answer(stage)) {
          await stage.keys(key);
          await sleep(200);
        }
      } else stage.dialogsAnswered += 1;
      await stage.arrives(sent);
    },
  };
}

export const START_CASES: readonly Case[] = [
  {
    name: 'the very first message of a new conversation',
    group: 'start',
    home: ANSWERED,
    play: async (stage) => stage.arrives(await stage.send(note(stage, 'before anything is on the screen'))),
  },
];
