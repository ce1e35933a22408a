/** Results of the language model tools, as data and in English, because a model reads them. No `vscode` here. */
import { nameKey } from '../../core/base/agentName';
import { english } from '../../core/base/localizedText';
import { bodyOf } from '../../core/messages/address';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import type { LanguageModelToolName } from '../manifest/ecosystemContributions';
import { agentTitle, messageStatus, nameOf } from '../shared/labels';

const USUAL_MESSAGES = 20;
const MAX_MESSAGES = 100;
const MAX_TEXT_LENGTH = 2000;

/** @param input untrusted value from a model */
export function toolResult(tool: LanguageModelToolName, snapshot: Snapshot | null, input: unknown): unknown {
  if (!snapshot?.session)
    return {
      session: null,
      note: 'No TACO team runs on this workspace. A person starts one with the command "TACO: Start…".',
    };
  switch (tool) {
    case 'taco_agents':
      return {
        agents: snapshot.agents.map((agent) => ({
          name: agentTitle(agent),
          window: agent.window,
          role: agent.role,
          state: agent.status,
          done: agent.done,
          doing: agent.activity,
          folder: agent.workspace,
          waiting: agent.waiting,
          services: agent.services,
        })),
      };
    case 'taco_messages':
      return { messages: messages(snapshot, input) };
    case 'taco_session':
      return {
        session: snapshot.session,
        counters: snapshot.counters,
        services: snapshot.services,
        plan: snapshot.plan?.plan ?? null,
        planStatus: snapshot.plan?.status ?? null,
      };
  }
}

function messages(snapshot: Snapshot, input: unknown): readonly object[] {
  const { agent, limit } = (typeof input === 'object' && input !== null ? input : {}) as {
    readonly agent?: unknown;
    readonly limit?: unknown;
  };
  const count = typeof limit === 'number' && limit >= 1 ? Math.min(MAX_MESSAGES, Math.floor(limit)) : USUAL_MESSAGES;
  const name = typeof agent === 'string' ? nameKey(agent) : null;
  const brief = (message: MessageView) => ({
    id: message.id,
    from: nameOf(message.sender, snapshot.agents, english),
    to: nameOf(message.target, snapshot.agents, english),
    status: messageStatus(message, english),
    at: new Date(message.enqueuedAt).toISOString(),
    text: bodyOf(message.message).slice(0, MAX_TEXT_LENGTH),
  });
  return [...snapshot.messages]
    .sort((a, b) => b.enqueuedAt - a.enqueuedAt)
    .map(brief)
    .filter(({ from, to }) => name === null || nameKey(from) === name || nameKey(to) === name)
    .slice(0, count);
}
