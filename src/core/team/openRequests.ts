/** The requests that wait for the user's answer, as every front end without VS Code shows them. Pure. */
import { askedBy } from '../agents/activity';
import { firstLine } from '../base/truncate';
import { byAge, type InputRequest } from '../requests/inputRequest';
import { requestText } from '../requests/requestText';
import type { Snapshot } from './snapshot';

/** An open input request with the texts that a user needs to decide. Times are milliseconds since the epoch. */
export interface OpenRequest {
  /** Id to answer; empty for a dialog that can only be answered in the agent's terminal. */
  readonly id: string;
  readonly window: number;
  readonly agent: string;
  readonly kind: InputRequest['kind'];
  readonly tool: string;
  /** One line. */
  readonly title: string;
  /** The whole request. */
  readonly text: string;
  /** True when `text` is only the beginning. */
  readonly cut: boolean;
  readonly choices: readonly string[];
  readonly at: number;
}

const TITLE_LENGTH = 100;

/** Returns the open requests, oldest first, and the dialogs that have none. */
export function openRequests({ agents, needs }: Pick<Snapshot, 'agents' | 'needs'>): readonly OpenRequest[] {
  const asking = new Set(needs.map(({ window }) => window));
  const asked = needs.map((request): OpenRequest => ({
    id: request.id,
    window: request.window,
    agent: agents.find(({ window }) => window === request.window)?.name ?? `agent ${request.window}`,
    kind: request.kind,
    tool: request.tool,
    title: firstLine(request.kind === 'dialog' ? request.input : askedBy(request.tool, request.input), TITLE_LENGTH),
    text: requestText(request),
    cut: request.cut,
    choices: request.choices,
    at: request.at,
  }));
  const dialogs = agents
    .filter(({ status, window }) => status === 'needs-input' && !asking.has(window))
    .map(({ window, name, activity, changedAt }): OpenRequest => ({
      id: '',
      window,
      agent: name,
      kind: 'dialog',
      tool: '',
      title: firstLine(activity, TITLE_LENGTH),
      text: activity,
      cut: true,
      choices: [],
      at: changedAt,
    }));
  return [...asked, ...dialogs].sort(byAge);
}
