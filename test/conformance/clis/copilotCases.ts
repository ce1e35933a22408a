/** Cases only for Copilot CLI: its menus and modes. */
import type { Case } from '../case';
import { covered, press, typed } from '../dialogCases';
import { dialogAtStart } from '../startCases';
import { ANSWERED } from './cli';

export const COPILOT_CASES: readonly Case[] = [
  dialogAtStart(
    'the dialog about trust at the start',
    { ...ANSWERED, trusted: false },
    /Do you trust the files/,
    () => ['Enter'],
  ),
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
  covered('the search in the prompts of the past', press('C-r'), press('Escape')),
  covered('the help', (stage) => typed(stage, '?'), press('Escape')),
  covered('the sidebar', press('Left'), press('Right')),
];
