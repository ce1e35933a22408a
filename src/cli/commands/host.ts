/** `taco host`: this machine runs agents of a team that another machine leads. */
import { hostname } from 'node:os';
import { HOST_NAME } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { systemClock } from '../../environment/systemClock';
import { hostPost, sessionKey } from '../../orchestrator/hostExecutor';
import { HostStore } from '../../redis/state/hostStore';
import { requireUser, type CommandContext } from '../runtime/commandContext';
import { onDisconnect } from '../runtime/disconnect';
import { write, type CommandResult } from '../runtime/io';
import { joiningTeam, leaderNote, commandTeam } from '../runtime/openTeam';
import { startEngine, projectLogger } from '../runtime/startEngine';

/** Returns the machine's name reduced to a valid host name. Throws TacoError usage. */
export function hostNameOf(wanted: string | undefined, machine: string): string {
  const name =
    wanted ??
    machine
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[^A-Za-z]+/, '')
      .slice(0, 32) ??
    '';
  if (!HOST_NAME.test(name))
    throw errors.usage(
      `"${wanted ?? machine}" cannot be a host's name.`,
      'Give --name a letter, then letters, digits, _ or -.',
    );
  return name;
}

/** Resolves when the user ends the command, or the terminal disconnects. */
function ended(context: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    onDisconnect(context.io, resolve);
  });
}

/** Time that the leader has to remove a host, seconds. */
const FORGET_SECONDS = 20;
const POLL_MS = 100;

/** Removes a host that will not come back. Throws TacoError unknown-host, host-there, timeout. */
async function removeHost(context: CommandContext, name: string): Promise<CommandResult> {
  requireUser(context, 'the removal of a host');
  const team = await commandTeam(context);
  await team.assertAllowed('forget-host');
  const before = await team.snapshot();
  const { hosts = [] } = before;
  const found = hosts.find((each) => each.name === name);
  if (!found)
    throw errors.unknownHost(
      name,
      hosts.map((each) => each.name),
    );
  if (found.awaySince === null) throw errors.hostThere(name);
  const agents = before.agents.filter((agent) => agent.host === name).map((agent) => agent.name);
  await team.request({ kind: 'forget-host', host: name });
  if (before.leader === null)
    return {
      json: { requested: 'forget-host', host: name, leader: null },
      text: `Asked to give up the host ${name}.${leaderNote(before)}`,
    };
  for (const until = Date.now() + FORGET_SECONDS * 1000; ;) {
    const { hosts: there = [], agents: all } = await team.snapshot();
    const now = there.find((each) => each.name === name);
    if (!now && all.every((agent) => agent.host !== name)) break;
    if (Date.now() > until)
      throw now?.awaySince === null
        ? errors.hostThere(name)
        : errors.timeout(`Removing the host ${name}`, FORGET_SECONDS);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const left =
    agents.length === 0
      ? ''
      : ` ${agents.join(', ')} left the team; \`taco dead list\` lists the messages that waited for them.`;
  return { json: { result: 'forgotten', host: name, agents }, text: `The host ${name} was removed.${left}` };
}

export async function host(context: CommandContext): Promise<CommandResult> {
  const forgotten = context.invocation.text('forget');
  if (forgotten !== undefined) return removeHost(context, forgotten);
  const name = hostNameOf(context.invocation.text('name'), hostname());
  const logger = projectLogger(context);
  const team = await joiningTeam(context, logger);
  const say = (line: string): void => void write(context.json ? context.io.stderr : context.io.stdout, `${line}\n`);
  const known = await new HostStore(team.redis, team.keys, systemClock, logger).get(name);
  const { socket } = context.project(true);
  // The agents' processes run here: their executor must run, too.
  if (
    known &&
    known.of !== '' &&
    known.of === sessionKey(await team.store.session()) &&
    (known.machine !== hostname() || known.socket !== socket)
  ) {
    throw errors.usage(
      `The host ${name} is on ${known.machine} (tmux -L ${known.socket}), where its agents run.`,
      `Join under another --name. To remove a host that will not come back, run \`taco host --forget ${name}\`.`,
    );
  }
  const engine = context.add(await startEngine(context, team, hostPost(team, name)));
  const end = ended(context);
  const report = (): void =>
    say(
      engine.leading
        ? `This machine runs the host ${name}. Ctrl-C leaves its agents running.`
        : `Another process runs the host ${name}; this one takes over when that ends.`,
    );
  context.add(engine.onLeading(report));
  report();
  await end;
  await engine.shutdown();
  const agents = (await team.store.agents()).filter((agent) => agent.host === name);
  if (agents.length === 0) await new HostStore(team.redis, team.keys, systemClock, logger).remove(name);
  const text =
    agents.length === 0
      ? `The host ${name} has left.`
      : `The agents of ${name} run on, and their messages wait: ${agents.map((agent) => agent.name).join(', ')}. \`taco host --name ${name}\` goes on.`;
  return { json: { result: 'left', host: name, agents: agents.map((agent) => agent.name) }, text };
}
