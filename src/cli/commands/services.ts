import { duration } from '../../core/base/duration';
import { oneLine } from '../../core/base/truncate';
import { errors } from '../../core/errors/errors';
import { labelOfWindow } from '../../core/messages/address';
import { mayRunChecks } from '../../core/services/health';
import { serviceRecordSchema } from '../../core/services/serviceRecord';
import { CommandChecks } from '../../orchestrator/services/commandHealthCheck';
import { Keys } from '../../redis/client/keys';
import { PortAllocator } from '../../redis/state/portAllocator';
import type { Team } from '../../team/team';
import { argvOption } from '../args/argvOption';
import { columnsOf } from '../output/terminalText';
import type { CommandContext } from '../runtime/commandContext';
import type { CommandResult } from '../runtime/io';
import { connectRedis, runningSession } from '../runtime/lightRedis';
import { runningSnapshot, commandTeam } from '../runtime/openTeam';

const MAX_PORTS = 100;

function owner(context: CommandContext): string {
  const { sender } = context;
  return sender.kind === 'agent' ? labelOfWindow(sender.window) : 'USER';
}

/** Returns the command that checks a service, if one was given. Throws TacoError usage. */
function checkCommand({ invocation }: CommandContext): readonly string[] | null {
  const text = invocation.text('check-command');
  if (text === undefined) return null;
  if (invocation.text('check') !== undefined)
    throw errors.usage('Both --check and --check-command are given.', 'Give one of them.');
  return argvOption('check-command', text);
}

/**
 * Checks the sender's rights: an agent may change its own services, and those whose agent no longer exists. The user
 * may change all.
 * Throws TacoError sender-refused, service-refused, check-refused.
 */
async function prove({ sender }: CommandContext, { store }: Team, name: string, command: boolean): Promise<void> {
  if (sender.kind !== 'agent') return;
  const label = labelOfWindow(sender.window);
  if (!(await store.isSender(label, sender.secret))) throw errors.senderRefused(label);
  const [services, agents] = await Promise.all([store.services(), store.agents()]);
  const there = (owner: string): boolean =>
    owner === 'USER' ||
    agents.some(
      (agent) => labelOfWindow(agent.window) === owner && agent.status !== 'exited' && agent.status !== 'failed',
    );
  const taken = services.find((service) => service.name === name);
  if (taken && taken.owner !== label && there(taken.owner)) throw errors.serviceRefused(name, taken.owner);
  const record = agents.find(({ window }) => window === sender.window);
  if (command && !(record && mayRunChecks(label, record))) throw errors.checkRefused(label);
}

export async function serviceRegister(context: CommandContext): Promise<CommandResult> {
  const { invocation } = context;
  const port = invocation.argument(1);
  const command = checkCommand(context);
  const check = invocation.text('check') ?? 'tcp';
  // `command` is TACO's own value; the command itself is stored beside it.
  if (check === 'command') throw errors.usage('--check takes no command.', 'Give it as --check-command.');
  const record = serviceRecordSchema.safeParse({
    name: invocation.argument(0),
    port,
    url: invocation.text('url') ?? `http://localhost:${port}`,
    check: command ? 'command' : check,
    owner: owner(context),
    health: 'unknown',
  });
  if (!record.success) {
    const issue = record.error.issues[0];
    throw errors.usage(
      `The service's ${issue?.path.join('.') || 'record'} is invalid: ${issue?.message ?? ''}`,
      'See `taco service register --help`.',
    );
  }
  const { data } = record;
  const team = await commandTeam(context);
  await team.assertAllowed('record');
  await prove(context, team, data.name, command !== null);
  const checks = checksOf(team);
  if (command) await checks.keep(data.name, data.owner, command);
  else await checks.drop(data.name);
  await team.store.setService(data);
  return { json: { ...data, ...(command ? { command } : {}) }, text: `${data.name} is registered at ${data.url}.` };
}

function checksOf(team: Team): CommandChecks {
  return new CommandChecks(team.options.paths.projectDir(team.projectId));
}

export async function serviceList(context: CommandContext): Promise<CommandResult> {
  const { services, at } = await runningSnapshot(await commandTeam(context));
  const rows = services.map((service) => [
    oneLine(service.name),
    String(service.port),
    oneLine(service.url),
    service.health,
    oneLine(service.owner),
    service.checkedAt > 0 ? `${duration(at - service.checkedAt)} ago` : 'not yet',
  ]);
  return {
    json: { services },
    text:
      rows.length === 0
        ? 'No services.'
        : columnsOf([['NAME', 'PORT', 'URL', 'HEALTH', 'OWNER', 'CHECKED'], ...rows]).join('\n'),
  };
}

export async function serviceRemove(context: CommandContext): Promise<CommandResult> {
  const name = context.invocation.argument(0);
  const team = await commandTeam(context);
  await team.assertAllowed('record');
  const services = await team.store.services();
  if (!services.some((service) => service.name === name)) {
    throw errors.usage(
      `No service named "${name}".`,
      services.length > 0 ? `Available: ${services.map((service) => service.name).join(', ')}.` : 'None is registered.',
    );
  }
  await prove(context, team, name, false);
  await team.store.removeService(name);
  await checksOf(team).drop(name);
  return { json: { removed: name }, text: `${name} is removed.` };
}

/** `taco port`: prints one port per line, reserved for the owner until it ends. */
export async function port(context: CommandContext): Promise<CommandResult> {
  const count = context.invocation.number('count') ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > MAX_PORTS)
    throw errors.usage(`--count takes 1 to ${MAX_PORTS}.`, 'Ask again for more.');
  const place = context.project();
  const client = await connectRedis(context, place);
  const keys = new Keys(place.id);
  await runningSession(client, keys.session, place.dir);
  const ports = await new PortAllocator(client, keys).take(owner(context), count);
  return { json: { ports }, text: ports.join('\n') };
}
