import { labelOfWindow } from '../../core/address';
import { errors } from '../../core/errors';
import { Keys } from '../../core/keys';
import { serviceRecordSchema } from '../../core/models';
import { columnsOf, duration, oneLine } from '../../orchestrator/cells';
import { PortAllocator } from '../../redis/portAllocator';
import type { CommandContext } from '../context';
import type { Outcome } from '../io';
import { connectLight } from '../light';
import { runningSnapshot, teamOf } from '../openTeam';

const MOST_PORTS = 100;

function owner(context: CommandContext): string {
  const { sender } = context;
  return sender.kind === 'agent' ? labelOfWindow(sender.window) : 'USER';
}

export async function serviceRegister(context: CommandContext): Promise<Outcome> {
  const { invocation } = context;
  const port = invocation.argument(1);
  const record = serviceRecordSchema.safeParse({
    name: invocation.argument(0), port, url: invocation.text('url') ?? `http://localhost:${port}`,
    check: invocation.text('check') ?? 'tcp', owner: owner(context), health: 'unknown',
  });
  if (!record.success) {
    const issue = record.error.issues[0];
    throw errors.usage(`The service's ${issue?.path.join('.') || 'record'} is not right: ${issue?.message ?? ''}`, 'See `taco service register --help`.');
  }
  const team = await teamOf(context);
  await runningSnapshot(team);
  await team.store.setService(record.data);
  return { json: record.data, text: `${record.data.name} is registered at ${record.data.url}.` };
}

export async function serviceList(context: CommandContext): Promise<Outcome> {
  const { services, at } = await runningSnapshot(await teamOf(context));
  const rows = services.map((service) => [
    oneLine(service.name), String(service.port), oneLine(service.url), service.health, oneLine(service.owner), service.checkedAt > 0 ? `${duration(at - service.checkedAt)} ago` : 'not yet',
  ]);
  return { json: { services }, text: rows.length === 0 ? 'No services.' : columnsOf([['NAME', 'PORT', 'URL', 'HEALTH', 'OWNER', 'CHECKED'], ...rows]).join('\n') };
}

export async function serviceRemove(context: CommandContext): Promise<Outcome> {
  const name = context.invocation.argument(0);
  const team = await teamOf(context);
  const { services } = await runningSnapshot(team);
  if (!services.some((service) => service.name === name)) {
    throw errors.usage(`There is no service "${name}".`, services.length > 0 ? `Known: ${services.map((service) => service.name).join(', ')}.` : 'None is registered.');
  }
  await team.store.removeService(name);
  return { json: { removed: name }, text: `${name} is removed.` };
}

/** `taco port`: one port a line, kept for the owner until it ends. */
export async function port(context: CommandContext): Promise<Outcome> {
  const count = context.invocation.number('count') ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > MOST_PORTS) throw errors.usage(`--count takes 1 to ${MOST_PORTS}.`, 'Ask again for more.');
  const place = context.project();
  const client = await connectLight(context, place);
  const ports = await new PortAllocator(client, new Keys(place.id)).take(owner(context), count);
  return { json: { ports }, text: ports.join('\n') };
}
