/** The most important race: the agent works, the message is being typed, and a dialog opens during the typing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case';
import { note } from './dialogCases';
import { order } from './model';
import type { Stage } from './testSession';
import { prose } from './textCases';

/** Rounds of one case; in each, the dialog opens at another moment. */
const ROUNDS = 6;
/** Delay between the user's prompt and the dialog, milliseconds. */
const OPENS_AFTER = 900;

/**
 * @param from, to range of the send time, milliseconds after the user's prompt: the rounds are spread over it at random
 */
function race(name: string, text: (n: number) => string, from: number, to: number): Case {
  return {
    name,
    group: 'race',
    play: async (stage) => {
      for (let n = 0; n < ROUNDS; n++) await round(stage, text(n), from + ((to - from) * (n + Math.random())) / ROUNDS);
    },
  };
}

async function round(stage: Stage, text: string, after: number): Promise<void> {
  await stage.until('an idle agent', 15, () => stage.isReady());
  const tag = stage.tag();
  await stage.says(order('permission', tag, OPENS_AFTER));
  await sleep(after);
  const sent = await stage.send(note(stage, text));
  await stage.until(
    'the dialog, or its answer',
    12,
    async () => !stage.isOpenYet(tag) || stage.user.choice.test((await stage.screen()).join('\n')),
    false,
  );
  // The typing has ended by now.
  await sleep(1300);
  if (stage.dialogStands(tag)) await stage.keys('Enter');
  await stage.arrives(sent);
}

export const RACE_CASES: readonly Case[] = [
  race('a dialog opens around a short message', (n) => `1 2 3 yes: round ${n} of the race`, 350, 1000),
  race('a dialog opens at the Enter of a short message', (n) => `1 2 3 yes: round ${n} at the Enter`, 560, 800),
  race('a dialog opens around a message of 1,500 characters', (n) => `${prose(1400)} round ${n}`, 100, 900),
  race('a dialog opens around ten lines', (n) => `round ${n}\n${prose(700, 70)}`, 200, 900),
];
