/** The tools for agents: each is a command of `taco`, described for a model. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { errors } from '../../core/errors/errors';
import { toTacoError } from '../../core/errors/tacoError';
import { labelOfTarget, labelOfWindow } from '../../core/messages/address';
import { prioritySchema, whenSchema } from '../../core/models';
import type { MessageView } from '../../core/team/snapshot';
import { agents } from '../commands/agents';
import { done } from '../commands/proof/done';
import { requests } from '../commands/requests/requests';
import { send } from '../commands/send';
import { port, serviceList, serviceRegister } from '../commands/services';
import { runningSnapshot, commandTeam } from '../runtime/openTeam';
import type { CommandRunner, ToolCall } from './commandRunner';

const MAX_STATUS_LENGTH = 200;
const MAX_MESSAGES = 50;

const text = z.string().min(1).describe('the message; plain text, short and concrete');

interface ToolAnswer {
  readonly [name: string]: unknown;
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly isError?: boolean;
}

/** Returns a refusal as an answer that the model can read, not as a failure of the protocol. */
async function answer(work: () => Promise<unknown>): Promise<ToolAnswer> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await work()) }] };
  } catch (error) {
    return { content: [{ type: 'text', text: JSON.stringify({ error: toTacoError(error).toJSON() }) }], isError: true };
  }
}

/** Returns the fields of a message that an agent needs; its history is for the user. */
function brief({ id, sender, target, state, reason, message, enqueuedAt }: MessageView): object {
  return {
    id,
    sender,
    target,
    state,
    ...(reason === '' ? {} : { reason }),
    message,
    at: new Date(enqueuedAt).toISOString(),
  };
}

/** @param isMother whether the planner agent uses them: only she sees what the team asks of the user */
export function registerTools(server: McpServer, runner: CommandRunner, isMother: boolean): void {
  if (isMother)
    server.registerTool(
      'list_requests',
      {
        title: 'List what waits for the user',
        description:
          'Permissions, questions, plans and dialogs of agents that wait for the user’s answer, oldest first. Only the user can answer them.',
        inputSchema: {},
        annotations: { readOnlyHint: true },
      },
      () => answer(() => runner.run(requests, { command: 'requests' })),
    );
  const sendTo = (to: string, words: string, options: ToolCall['options'] = {}): Promise<unknown> =>
    runner.run(send, { command: 'send', positionals: [to, '-'], options, input: words });

  server.registerTool(
    'send_message',
    {
      title: 'Send a message',
      description:
        "Sends a message to one agent of your team, to mother, or to the user (`user`). TACO stores it at once and types it into the receiver's terminal when that is safe; an answer arrives by itself as a message to you. Never poll for it.",
      inputSchema: {
        to: z.string().min(1).describe("an agent's name, window number or AGENT-n; `mother`; `user`"),
        text,
        priority: prioritySchema.optional(),
        when: whenSchema
          .optional()
          .describe('`now`: a working agent reads it between two tool calls; `idle`: when its turn is over'),
        interrupt: z.boolean().optional().describe('stops the work of the agent first; only Mother may'),
      },
    },
    ({ to, text: words, ...options }) => answer(() => sendTo(to, words, options)),
  );
  server.registerTool(
    'broadcast',
    {
      title: 'Send to all',
      description: 'Sends a message to mother and every agent but you. Use it rarely: it interrupts everybody.',
      inputSchema: { text, priority: prioritySchema.optional() },
    },
    ({ text: words, priority }) => answer(() => sendTo('all', words, { priority })),
  );
  server.registerTool(
    'ask_user',
    {
      title: 'Ask the user',
      description:
        'Asks the user a question. Does not wait: the answer arrives as a message from USER. Ask only what you cannot decide.',
      inputSchema: { question: z.string().min(1).describe('the question, complete in itself') },
    },
    ({ question }) => answer(() => sendTo('user', question)),
  );
  server.registerTool(
    'list_agents',
    {
      title: 'List the agents',
      description: 'Who is in the team: window, name, role, state, what each does, whether it is done.',
      inputSchema: {},
      annotations: { readOnlyHint: true },
    },
    () =>
      answer(async () => {
        const { agents: all } = (await runner.run(agents, { command: 'agents' })) as {
          agents: readonly Record<string, unknown>[];
        };
        return {
          agents: all.map(({ window, name, role, status, activity, done: isDone, waiting, services, workspace }) => ({
            window,
            name,
            role,
            status,
            activity,
            done: isDone,
            waiting,
            services,
            workspace,
          })),
        };
      }),
  );
  server.registerTool(
    'read_messages',
    {
      title: 'Read messages',
      description:
        'Messages to and from you, newest first, with how far each got. New ones reach you by themselves; this is for looking something up.',
      inputSchema: {
        limit: z.int().min(1).max(MAX_MESSAGES).default(20),
        with: z
          .string()
          .optional()
          .describe("only those between you and this agent's label, such as AGENT-3, MOTHER or USER"),
      },
      annotations: { readOnlyHint: true },
    },
    ({ limit, with: other }) =>
      answer(() =>
        runner.with({ command: 'messages' }, async (context) => {
          const snapshot = await runningSnapshot(await commandTeam(context));
          const { sender } = context;
          const label = sender.kind === 'agent' ? labelOfWindow(sender.window) : 'USER';
          const theirs = (message: MessageView): boolean =>
            other === undefined ||
            message.sender === other.toUpperCase() ||
            labelOfTarget(message.target) === other.toUpperCase();
          const own = snapshot.messages.filter(
            (message) => (labelOfTarget(message.target) === label || message.sender === label) && theirs(message),
          );
          return {
            messages: [...own]
              .sort((a, b) => b.enqueuedAt - a.enqueuedAt)
              .slice(0, limit)
              .map(brief),
          };
        }),
      ),
  );
  server.registerTool(
    'report_status',
    {
      title: 'Report what you do',
      description: 'One short line about what you are doing now, shown to the user and the team. Sends no message.',
      inputSchema: { status: z.string().trim().min(1).max(MAX_STATUS_LENGTH) },
    },
    ({ status }) =>
      answer(() =>
        runner.with({ command: 'status' }, async (context) => {
          const { sender } = context;
          if (sender.kind !== 'agent')
            throw errors.usage('Only an agent reports its status.', 'Agents get these tools when TACO launches them.');
          const team = await commandTeam(context);
          await team.assertAllowed('record');
          if (!(await team.store.isSender(labelOfWindow(sender.window), sender.secret)))
            throw errors.senderRefused(labelOfWindow(sender.window));
          const line = status.replace(/\s+/g, ' ');
          await team.store.setAgent(sender.window, { activity: line, changedAt: Date.now() });
          await team.store.note(`${context.io.env['TACO_AGENT'] ?? labelOfWindow(sender.window)}: ${line}`);
          return { status: line };
        }),
      ),
  );
  server.registerTool(
    'report_done',
    {
      title: 'Report that you are done',
      description:
        'Reports that your task is finished and checked. If your work has a check, TACO runs it first and writes to you when it fails. Then TACO notifies mother and the agents that the plan names, and starts the agents that waited for you. Report it once.',
      inputSchema: { summary: z.string().default('').describe('what you did, in one line') },
    },
    ({ summary }) => answer(() => runner.run(done, { command: 'done', positionals: summary === '' ? [] : [summary] })),
  );
  server.registerTool(
    'allocate_port',
    {
      title: 'Get free ports',
      description: 'Free ports that no other agent was given. They are yours until you end.',
      inputSchema: { count: z.int().min(1).max(100).default(1) },
    },
    ({ count }) => answer(() => runner.run(port, { command: 'port', options: { count } })),
  );
  server.registerTool(
    'register_service',
    {
      title: 'Register a service',
      description:
        'Tells the team that a service of yours runs on a port. TACO checks its health and tells you when it goes down.',
      inputSchema: {
        name: z.string().min(1).describe('a letter, then letters, digits, _ . or -'),
        port: z.int().min(1).max(65_535),
        url: z.string().optional().describe('default http://localhost:PORT'),
        check: z.string().optional().describe('an HTTP path such as /health, or tcp (the default)'),
        check_command: z
          .array(z.string().min(1))
          .min(1)
          .max(64)
          .optional()
          .describe(
            'instead of `check`: a program and its arguments, run without a shell in your folder; the service is up while it exits 0. Only for agents that may run commands unasked',
          ),
      },
    },
    ({ name, port: number, url, check, check_command: command }) =>
      answer(() =>
        runner.run(serviceRegister, {
          command: 'service register',
          positionals: [name, String(number)],
          options: { url, check, 'check-command': command && JSON.stringify(command) },
        }),
      ),
  );
  server.registerTool(
    'list_services',
    {
      title: 'List the services',
      description: 'The services of the team: port, URL, health, owner.',
      inputSchema: {},
      annotations: { readOnlyHint: true },
    },
    () => answer(() => runner.run(serviceList, { command: 'service list' })),
  );
}
