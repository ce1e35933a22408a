import type { Case } from './case';
import { DIALOG_CASES } from './dialogCases';
import { LOAD_CASES } from './loadCases';
import { RACE_CASES } from './raceCases';
import { START_CASES } from './startCases';
import { TEXT_CASES } from './textCases';
import { MOMENT_CASES } from './timingCases';

/** The cases of every CLI; each adds its own dialogs, menus and modes. */
export const SHARED_CASES: readonly Case[] = [
  ...TEXT_CASES,
  ...START_CASES,
  ...DIALOG_CASES,
  ...MOMENT_CASES,
  ...RACE_CASES,
  ...LOAD_CASES,
];
