/** The scripts that short-lived commands run (`taco send`, `taco hook`): nothing else is loaded for them. */
import { script } from '../client/redisCommands';
import enqueueLua from './enqueue.lua';
import hookLua from './hook.lua';
import lib from './lib.lua';

export const lightScripts = {
  enqueue: script('enqueue', lib, enqueueLua),
  hook: script('hook', lib, hookLua),
} as const;
