/**
 * Returns an OpenCode plugin that runs `taco hook`, because OpenCode has plugins and no shell hooks. OpenCode passes
 * each prompt it accepts to the prompt check; on refusal the plugin throws, which withholds the prompt from the model.
 * The plugin reports a prompt as received only when OpenCode calls the model. Before that, a prompt that waits behind a
 * turn is lost if OpenCode ends. Sessions with a parent belong to sub-agents and are ignored.
 */
export function openCodePlugin(hookCommand: readonly string[]): string {
  return `// Written by TACO at each launch.
import { spawn } from 'node:child_process';

const [command, ...args] = ${JSON.stringify(hookCommand)};

function tell(event, data) {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, event], { stdio: ['pipe', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(said));
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(data));
  });
}

function refuses(said) {
  try {
    return JSON.parse(said).decision === 'block';
  } catch {
    return false;
  }
}

const wordsOf = (parts) => parts.filter((part) => part.type === 'text' && !part.synthetic && !part.ignored).map((part) => part.text).join('\\n');

export const Taco = async ({ client }) => {
  const own = new Map();
  /** By conversation: prompts that OpenCode has and its model has not. */
  const taken = new Map();
  // Serially: the end of a turn must not be reported after the start of the next one.
  let last = tell('SessionStart', {});
  const inTurn = (action) => (last = last.catch(() => undefined).then(action));

  const isOwn = async (id) => {
    if (!own.has(id)) {
      const session = await client.session.get({ path: { id } }).catch(() => undefined);
      own.set(id, !session?.data?.parentID);
    }
    return own.get(id);
  };
  const lastWords = async (id) => {
    const messages = await client.session.messages({ path: { id } }).catch(() => undefined);
    const reply = messages?.data?.findLast(({ info }) => info.role === 'assistant');
    return reply ? wordsOf(reply.parts) : undefined;
  };
  const about = (id, event, data) => inTurn(async () => ((await isOwn(id)) ? tell(event, { session_id: id, ...(await data()) }) : ''));

  return {
    'chat.message': async ({ sessionID }, { message, parts }) => {
      const prompt = wordsOf(parts);
      const said = await about(sessionID, 'PromptCheck', async () => ({ prompt }));
      if (refuses(said)) throw new Error('TACO: this message was damaged on its way into the terminal; it will be typed again.');
      taken.set(sessionID, [...(taken.get(sessionID) ?? []), { id: message?.id ?? '', prompt }]);
    },
    'chat.params': async ({ sessionID, agent, message }) => {
      // A title or a summary is made of the prompt, too.
      if (/^(?:title|summary|compaction)$/.test(agent?.name ?? agent)) return;
      // Ids grow with time, and the model is given what there was up to this message: one that came since waits for the next call.
      const isIn = ({ id }) => id <= (message?.id ?? '');
      const prompts = taken.get(sessionID) ?? [];
      taken.set(sessionID, prompts.filter((each) => !isIn(each)));
      for (const { prompt } of prompts.filter(isIn)) void about(sessionID, 'PromptReached', async () => ({ prompt }));
    },
    event: async ({ event: { type, properties } }) => {
      const id = properties?.sessionID;
      if (type === 'session.idle') void about(id, 'Stop', async () => ({ last_assistant_message: await lastWords(id) }));
      if (type === 'permission.asked') void about(id, 'PermissionRequest', async () => ({ tool_name: properties.permission, tool_input: properties.metadata ?? {} }));
      if (type === 'question.asked') void about(id, 'PermissionRequest', async () => ({ tool_name: 'question', tool_input: properties.questions }));
      if (type === 'permission.replied' || type === 'question.replied' || type === 'question.rejected') void about(id, 'PostToolUse', async () => ({}));
    },
  };
};
`;
}
