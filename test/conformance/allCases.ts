import type { Case } from './case';
import { TEXT_CASES } from './textCases';

export const ALL_CASES: readonly Case[] = [...TEXT_CASES];
