/** The scripts of short-lived commands (`taco send`, `taco hook`), which load no others. */
import { defineScript } from '../client/redisCommands';
import enqueueLua from './enqueue.lua';
import hookLua from './hook.lua';
import lib from './lib.lua';

export const lightScripts = {
  enqueue: defineScript('enqueue', lib, enqueueLua),
  hook: defineScript('hook', lib, hookLua),
} as const;
