/** Cases only for Codex: its dialogs, menus and modes. */
import type { Case } from '../case';
import { covered, press, ran, typed } from '../dialogCases';

export const CODEX_CASES: readonly Case[] = [
  covered('the model picker', (stage) => ran(stage, '/model'), press('Escape')),
  covered(
    'a menu of slash commands',
    (stage) => typed(stage, '/mod'),
    (stage) => stage.clears(),
  ),
  covered(
    'a menu of files',
    (stage) => typed(stage, 'see @'),
    async (stage) => {
      await stage.keys('Escape');
      await stage.clears();
    },
  ),
  covered('shell mode', (stage) => typed(stage, '!'), press('BSpace')),
];
