/** Takes ports repeatedly and prints them. Arguments: socket, project id, owner, rounds, first and last port. */
import { parseEndpoint } from '../../../src/redis/client/endpoint';
import { Keys } from '../../../src/redis/client/keys';
import { LightClient } from '../../../src/redis/client/lightClient';
import { PortAllocator } from '../../../src/redis/state/portAllocator';

const [socket = '', project = '', owner = '', rounds = '1', first = '0', last = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  // Fifty of these compete for the machine's cores: a reply may have come long before its process runs again.
  const timeouts = { connectTimeoutMs: 60_000, commandTimeoutMs: 60_000 };
  const client = await LightClient.connect(parseEndpoint(socket), timeouts);
  const ports = new PortAllocator(client, new Keys(project), { first: Number(first), last: Number(last) });
  const taken: number[] = [];
  for (let i = 0; i < Number(rounds); i++) taken.push(...(await ports.take(owner, 2)));
  console.log(JSON.stringify(taken));
  client.dispose();
}

void main();
