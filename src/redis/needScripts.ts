import { script } from './client/caller';
import lib from './scripts/lib.lua';
import needAnswerLua from './scripts/needAnswer.lua';
import needEndLua from './scripts/needEnd.lua';
import needOpenLua from './scripts/needOpen.lua';

export const needScripts = {
  open: script('needOpen', lib, needOpenLua),
  end: script('needEnd', lib, needEndLua),
  answer: script('needAnswer', lib, needAnswerLua),
} as const;
