/** Cases only for Gemini CLI: its dialogs, menus and modes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../case';
import { covered, dialog, note, press, ran, typed } from '../dialogCases';
import { dialogAtStart } from '../startCases';
import { moment } from '../timingCases';
import { ANSWERED } from './cli';

export const GEMINI_CASES: readonly Case[] = [
  dialogAtStart('the dialog about trust at the start', { ...ANSWERED, trusted: false }, /Do you trust/, () => [
    'Enter',
  ]),
  dialog('question dialog', 'question', ['Enter']),
  covered('the model picker', (stage) => ran(stage, '/model'), press('Escape')),
  covered(
    'a menu of slash commands',
    (stage) => typed(stage, '/mod'),
    (stage) => stage.clears(),
  ),
  covered(
    'a menu of files',
    (stage) => typed(stage, 'see @'),
    (stage) => stage.clears(),
  ),
  covered('shell mode', (stage) => typed(stage, '!'), press('Escape')),
  covered('the search in the prompts of the past', press('C-r'), press('Escape', 'Escape')),
  moment('edits are accepted without asking', async (stage) => {
    await stage.keys('BTab');
    await sleep(400);
    await stage.arrives(await stage.send(note(stage, 'sent while edits are accepted')));
    await stage.keys('BTab', 'BTab');
  }),
];
