/** The scripts that short-lived commands run (`taco send`, `taco hook`): nothing else is loaded for them. */
import { script } from './client/caller';
import enqueueLua from './scripts/enqueue.lua';
import hookLua from './scripts/hook.lua';
import lib from './scripts/lib.lua';

export const lightScripts = {
  enqueue: script('enqueue', lib, enqueueLua),
  hook: script('hook', lib, hookLua),
} as const;
