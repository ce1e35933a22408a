import { oneLine } from '../../../core/base/truncate';
import { errors } from '../../../core/errors/errors';
import { parseAnswer } from '../../../core/requests/parseAnswer';
import { openRequests } from '../../../core/team/openRequests';
import type { Snapshot } from '../../../core/team/snapshot';
import { shellQuote } from '../../../profiles/shared/shellQuote';
import { ProjectsReader } from '../../../team/projects/projectsReader';
import { requireUser, type CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { agentNamed, commandTeam, runningSnapshot, silent } from '../../runtime/openTeam';

/**
 * `taco answer AGENT|ID ANSWER...`. An id answers exactly the request that was shown, in any project of this machine.
 * Throws TacoError type-refused, unknown-agent, usage, need-gone, answer-refused.
 */
export async function answer(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'an answer for the user');
  const { invocation } = context;
  const [who = '', ...words] = invocation.positionals;
  const reader = context.add(new ProjectsReader(context.paths, silent));
  const found = /^need_/.test(who) ? await byId(reader, who) : await byAgent(context, who);
  const request = found.snapshot.needs.find(({ id }) => id === found.id);
  if (!request) throw errors.requestGone();
  const given = parseAnswer(request, words, invocation.text('note') ?? '');
  await found.answer(given);
  const [open] = openRequests({ agents: found.snapshot.agents, needs: [request] });
  const verb = given.kind === 'deny' ? 'Denied' : given.kind === 'allow' ? 'Allowed' : 'Answered';
  const offer = given.kind === 'allow' ? await reader.offer(found.snapshot.projectId).catch(() => null) : null;
  return {
    json: { answered: request.id, window: request.window, answer: given, ...(offer ? { offer } : {}) },
    text: [
      `${verb} ${oneLine(open?.agent ?? '')}: ${oneLine(open?.title ?? '')}`,
      ...(offer
        ? [
            `You allowed this three times. To answer it by a rule: taco rules add ${offer.rule.tool} ${shellQuote(offer.rule.pattern)}`,
          ]
        : []),
    ].join('\n'),
  };
}

interface FoundRequest {
  readonly id: string;
  readonly snapshot: Snapshot;
  readonly answer: (answer: Parameters<ProjectsReader['answer']>[2]) => Promise<void>;
}

async function byId(reader: ProjectsReader, id: string): Promise<FoundRequest> {
  for (const { id: projectId, snapshot } of await reader.read())
    if (snapshot?.needs.some((request) => request.id === id))
      return { id, snapshot, answer: (given) => reader.answer(projectId, id, given) };
  throw errors.requestGone();
}

async function byAgent(context: CommandContext, name: string): Promise<FoundRequest> {
  const team = await commandTeam(context);
  await team.assertAllowed('record');
  const snapshot = await runningSnapshot(team);
  const agent = agentNamed(name, snapshot);
  const open = openRequests(snapshot).filter(({ window }) => window === agent.window);
  const [first, second] = open;
  if (second)
    throw errors.usage(
      `${agent.name} has ${open.length} open requests.`,
      `Name one by its id: ${open.map(({ id, title }) => `${id} (${oneLine(title)})`).join(', ')}.`,
    );
  if (first?.id === '') throw errors.answerRefused('its dialog can only be answered in the terminal');
  if (!first) throw errors.requestGone();
  return { id: first.id, snapshot, answer: (given) => team.answer(first.id, given) };
}
