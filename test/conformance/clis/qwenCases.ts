/** Cases only for Qwen Code: its menus and modes. */
import type { Case } from '../case';
import { covered, press, typed } from '../dialogCases';

export const QWEN_CASES: readonly Case[] = [
  covered(
    'a menu of slash commands',
    (stage) => typed(stage, '/mod'),
    (stage) => stage.clears(),
  ),
  covered('shell mode', (stage) => typed(stage, '!'), press('Escape')),
];
