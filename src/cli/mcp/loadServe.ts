import { createRequire } from 'node:module';
import type { Invocation } from '../args/parseArgs';
import type { Io } from '../runtime/io';
import type * as Mcp from './serve';

/** Loads dist/taco-mcp.js and serves the tools. */
export function serveMcp(invocation: Invocation, io: Io): Promise<number> | number {
  return (createRequire(__filename)('./taco-mcp.js') as typeof Mcp).serveMcp(invocation, io);
}
