/** Takes ports repeatedly and prints them. Arguments: socket, project id, owner, rounds, first and last port. */
import { parseEndpoint } from '../../../src/redis/client/endpoint';
import { Keys } from '../../../src/redis/client/keys';
import { LightClient } from '../../../src/redis/client/lightClient';
import { PortAllocator } from '../../../src/redis/state/portAllocator';

const [socket = '', project = '', owner = '', rounds = '1', first = '0', last = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  const client = await LightClient.connect(parseEndpoint(socket), { connectTimeoutMs: 5000, commandTimeoutMs: 5000 });
  const ports = new PortAllocator(client, new Keys(project), { first: Number(first), last: Number(last) });
  const taken: number[] = [];
  for (let i = 0; i < Number(rounds); i++) taken.push(...(await ports.take(owner, 2)));
  console.log(JSON.stringify(taken));
  client.dispose();
}

void main();
