/** dist/taco-mcp.js: `taco mcp`, a separate bundle, since only this command needs the protocol's SDK. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { version } from '../../../package.json';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { errorMessage } from '../../core/errors/tacoError';
import type { Invocation } from '../args/parseArgs';
import type { Io } from '../runtime/io';
import { CommandRunner } from './commandRunner';
import { registerTools } from './tools';

const INSTRUCTIONS =
  'Tools for working in a team of agents that TACO runs. Messages to you arrive by themselves; never poll for them.';

/**
 * Serves until the client closes standard input. It connects to nothing before a tool is called, so an agent's start
 * only costs the process.
 */
export async function serveMcp(invocation: Invocation, io: Io): Promise<number> {
  const server = new McpServer({ name: 'taco', version }, { instructions: INSTRUCTIONS });
  registerTools(
    server,
    new CommandRunner(io, {
      project: invocation.text('project'),
      redis: invocation.text('redis'),
      socket: invocation.text('socket'),
    }),
    io.env['TACO_WINDOW'] === String(MOTHER_WINDOW),
  );
  server.server.onerror = (error) => void io.stderr.write(`taco mcp: ${errorMessage(error)}\n`);
  const transport = new StdioServerTransport(io.stdin, io.stdout);
  const ended = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    // The SDK's transport does not detect that its client has disconnected.
    io.stdin.once('end', resolve);
    io.stdin.once('close', resolve);
  });
  await server.connect(transport);
  await ended;
  await server.close();
  return 0;
}
