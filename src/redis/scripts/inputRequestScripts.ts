import { defineScript } from '../client/redisCommands';
import needAnswerLua from './inputRequestAnswer.lua';
import needEndLua from './inputRequestClose.lua';
import needOpenLua from './inputRequestOpen.lua';
import lib from './lib.lua';

export const inputRequestScripts = {
  open: defineScript('needOpen', lib, needOpenLua),
  end: defineScript('needEnd', lib, needEndLua),
  answer: defineScript('needAnswer', lib, needAnswerLua),
} as const;
