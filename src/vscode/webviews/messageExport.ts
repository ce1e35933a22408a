/** Exports messages as documents for users and for programs, in English like everything in a file. No `vscode` here. */
import { english } from '../../core/base/localizedText';
import { bodyOf } from '../../core/messages/address';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import { messageStatus, nameOf } from '../shared/labels';

export type ExportFormat = 'json' | 'markdown';

/** Exports messages. `about` names the selection: `taco-sample`, or `database and backend`. */
export function exportMessages(
  messages: readonly MessageView[],
  snapshot: Snapshot,
  about: string,
  format: ExportFormat,
): string {
  return format === 'json' ? toJson(messages, snapshot) : toMarkdown(messages, snapshot, about);
}

function toJson(messages: readonly MessageView[], { at, session, agents }: Snapshot): string {
  return `${JSON.stringify(
    {
      exportedAt: iso(at),
      session: session && { name: session.tmux_session, goal: session.goal, startedAt: session.started_at },
      messages: messages.map((message) => ({
        id: message.id,
        from: nameOf(message.sender, agents, english),
        to: nameOf(message.target, agents, english),
        sender: message.sender,
        target: message.target,
        type: message.type,
        priority: message.priority,
        text: bodyOf(message.message),
        state: message.state,
        reason: message.reason,
        attempts: message.attempts,
        enqueuedAt: iso(message.enqueuedAt),
        endedAt: message.endedAt === undefined ? null : iso(message.endedAt),
        life: message.history.map((step) => ({ at: iso(step.at), state: step.state, reason: step.reason })),
      })),
    },
    null,
    2,
  )}\n`;
}

function toMarkdown(messages: readonly MessageView[], { at, session, agents }: Snapshot, about: string): string {
  const parts = messages.map((message) => {
    const text = bodyOf(message.message);
    const fence = fenceFor(text);
    const history = message.history.map((step) => `${iso(step.at).slice(11, 23)} ${messageStatus(step, english)}`);
    return `## ${escape(nameOf(message.sender, agents, english))} → ${escape(nameOf(message.target, agents, english))}, ${iso(message.enqueuedAt)}\n\n${fence}text\n${text}\n${fence}\n\n${history.map(escape).join(' · ')}\n\n\`${message.id}\`\n`;
  });
  const goal = session?.goal ? `Goal: ${escape(session.goal.replace(/\s+/g, ' '))}\n\n` : '';
  return `# Messages of ${escape(about)}\n\n${goal}${messages.length} ${messages.length === 1 ? 'message' : 'messages'}, as of ${iso(at)}. Times are UTC.\n\n${parts.join('\n')}`;
}

/** Returns a fence that no line of the text can close, because agents write the text. */
function fenceFor(text: string): string {
  const fenceLength = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(fenceLength + 1);
}

function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!]/g, '\\$&');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
