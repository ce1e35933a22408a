/** Cases only for Claude Code: its dialogs, menus and modes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../case';
import { covered, dialog, note, press, ran, typed } from '../dialogCases';
import { dialogAtStart } from '../startCases';
import { moment } from '../timingCases';
import { ANSWERED } from './cli';

export const CLAUDE_CASES: readonly Case[] = [
  dialogAtStart(
    'the dialog about trust at the start',
    { ...ANSWERED, trusted: false },
    /Enter to confirm/,
    ({ bed }) => (bed.version === '2.1.197' ? ['Enter'] : ['Down', 'Enter']),
  ),
  dialogAtStart(
    'the dialog about an API key at the start',
    { ...ANSWERED, keyApproved: false },
    /Do you want to use this API key/,
    () => ['Up', 'Enter'],
  ),
  dialog('question dialog', 'question', ['Enter']),
  dialog('plan approval', 'plan', ['Enter'], { before: ['BTab', 'BTab'], wornOut: true }),
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
  covered('shell mode', (stage) => typed(stage, '!'), press('BSpace')),
  covered('the search in the prompts of the past', press('C-r'), press('Escape', 'Escape')),
  covered('the transcript', press('C-o'), press('C-o')),
  moment('plan mode is on', async (stage) => {
    stage.wornOut = true;
    await stage.keys('BTab');
    await sleep(300);
    await stage.keys('BTab');
    await sleep(300);
    await stage.arrives(await stage.send(note(stage, 'sent in plan mode')));
  }),
];
