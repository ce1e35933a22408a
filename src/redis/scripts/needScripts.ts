import { script } from '../client/redisCommands';
import lib from './lib.lua';
import needAnswerLua from './inputRequestAnswer.lua';
import needEndLua from './inputRequestClose.lua';
import needOpenLua from './inputRequestOpen.lua';

export const needScripts = {
  open: script('needOpen', lib, needOpenLua),
  end: script('needEnd', lib, needEndLua),
  answer: script('needAnswer', lib, needAnswerLua),
} as const;
