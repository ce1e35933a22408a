/** Cases in which an Enter would answer something, or keys would reach an unexpected place. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case';
import { order } from './model';
import type { Stage } from './testSession';

/** Returns a message for the agent of the stage. */
export function note(stage: Stage, text: string): string {
  return `${stage.seat.envelope}${text}`;
}

/**
 * Opens a dialog and sends a message; the dialog must stay open. The user answers, and the message arrives by itself.
 */
export function dialog(
  name: string,
  word: 'permission' | 'question' | 'plan',
  answer: readonly string[],
  options: { before?: readonly string[]; wornOut?: boolean } = {},
): Case {
  return {
    name,
    group: 'moment',
    play: async (stage) => {
      stage.wornOut = options.wornOut ?? false;
      for (const key of options.before ?? []) {
        await stage.keys(key);
        await sleep(300);
      }
      const tag = await stage.opens(word);
      const sent = await stage.send(note(stage, `1 or 2: sent while the ${word} dialog is open, y/n`));
      await stage.held(sent, 'dialog');
      if (stage.dialogStands(tag)) await stage.keys(...answer);
      await stage.arrives(sent);
    },
  };
}

/** Covers the composer by a part of the CLI's own UI, or changes the effect of keys; no dialog of the model is open. */
export function covered(
  name: string,
  open: (stage: Stage) => Promise<void>,
  close: (stage: Stage) => Promise<void>,
): Case {
  return {
    name,
    group: 'moment',
    play: async (stage) => {
      await open(stage);
      await atRest(stage);
      const before = stage.isOurs ? await stage.lowerScreen() : '';
      const sent = await stage.send(note(stage, `sent while there is: ${name}`));
      await stage.held(sent, 'dialog', 'draft', 'no-composer');
      if (stage.isOurs && (await stage.lowerScreen()) !== before)
        stage.problem('the screen changed while the message was held');
      await close(stage);
      await stage.arrives(sent);
    },
  };
}

export async function typed(stage: Stage, text: string): Promise<void> {
  stage.drafts.push(text);
  await stage.types(text);
}

export async function ran(stage: Stage, command: string): Promise<void> {
  await stage.runs(command);
}

/** Waits until everything that opened is stable: menus go on listing for a time. */
async function atRest(stage: Stage): Promise<void> {
  let before = '';
  await stage.until(
    'a screen at rest',
    10,
    async () => {
      await sleep(1200);
      const now = await stage.lowerScreen();
      const same = now === before;
      before = now;
      return same;
    },
    false,
  );
}

export const press =
  (...keys: readonly string[]) =>
  async (stage: Stage): Promise<void> => {
    for (const key of keys) {
      await stage.keys(key);
      await sleep(250);
    }
  };

export const DIALOG_CASES: readonly Case[] = [
  dialog('permission dialog, the user allows', 'permission', ['Enter']),
  dialog('permission dialog, the user refuses', 'permission', ['Escape']),
  {
    name: 'two permission dialogs in a row',
    group: 'moment',
    play: async (stage) => {
      const tag = stage.tag();
      await stage.says(order('permissions', tag));
      await stage.shows(new RegExp(`${tag}-1`));
      await stage.shows(stage.user.choice);
      const sent = await stage.send(note(stage, 'sent while the first of two is open'));
      await stage.held(sent, 'dialog');
      if (stage.dialogStands(`${tag}-1`)) await stage.keys('Enter');
      await stage.shows(new RegExp(`touch \\S*${tag}-2`), 10, false);
      await stage.shows(stage.user.choice, 5, false);
      await sleep(900);
      if (stage.dialogStands(`${tag}-2`)) await stage.keys('Enter');
      await stage.arrives(sent);
    },
  },
];
