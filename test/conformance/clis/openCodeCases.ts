/** Cases only for OpenCode: its dialogs, menus and modes. */
import type { Case } from '../case';
import { covered, press, ran, typed } from '../dialogCases';

export const OPENCODE_CASES: readonly Case[] = [
  covered('the model picker', (stage) => ran(stage, '/models'), press('Escape')),
  covered('the palette of commands', press('C-p'), press('Escape')),
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
];
