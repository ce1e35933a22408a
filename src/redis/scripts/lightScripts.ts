/** The scripts that short-lived commands run (`taco send`, `taco hook`): nothing else is loaded for them. */
import { defineScript } from '../client/redisCommands';
import enqueueLua from './enqueue.lua';
import hookLua from './hook.lua';
import lib from './lib.lua';

export const lightScripts = {
  enqueue: defineScript('enqueue', lib, enqueueLua),
  hook: defineScript('hook', lib, hookLua),
} as const;
