import { english, type Translate } from '../base/localizedText';
import { PLAN_START } from '../base/planMarkers';
import { firstLine, shortened } from '../base/truncate';
import type { AgentRecord } from './agentRecord';
import type { AgentState } from './agentState';
import type { HookData } from './hookData';

const LINE = 160;
/** Members of a tool's input that show best what it does, in order of preference. */
const DESCRIPTIVE_FIELDS = [
  'command',
  'file_path',
  'path',
  'pattern',
  'url',
  'query',
  'description',
  'prompt',
] as const;

/** Returns one line about the agent's current action from its hook report; undefined: nothing new. */
export function activityOf(event: string, data: HookData): string | undefined {
  switch (event) {
    case 'UserPromptSubmit':
      return data.blockedId === undefined && data.prompt !== undefined ? firstLine(data.prompt, LINE) : undefined;
    case 'PermissionRequest':
      return shortened(asking(data.toolName ?? 'a tool', data.toolInput ?? ''), LINE);
    case 'Stop':
      return lastWords(data);
    default:
      return undefined;
  }
}

function lastWords({ lastMessage }: HookData): string | undefined {
  return lastMessage?.includes(PLAN_START)
    ? 'printed a plan'
    : (lastMessage && firstLine(lastMessage, LINE)) || undefined;
}

function asking(tool: string, input: string): string {
  return tool === 'ExitPlanMode' ? 'asks to approve its plan' : `asks: ${askedBy(tool, input)}`;
}

/** Returns in one line what a tool call asks of the user: `Bash mkdir -p x`. `input` is its JSON, possibly cut off. */
export function askedBy(tool: string, input: string, say: Translate = english): string {
  if (tool === 'ExitPlanMode') return say('asks to approve its plan');
  if (tool === 'AskUserQuestion')
    return /"question":"((?:[^"\\]|\\.)*)"/.exec(input)?.[1]?.replaceAll('\\"', '"') ?? say('a question');
  return `${tool}${descriptivePart(input)}`;
}

/** Returns ` mkdir -p x` for `{"command":"mkdir -p x"}`; returns the input unchanged if no known member is in it. */
function descriptivePart(input: string): string {
  try {
    const value: unknown = JSON.parse(input);
    if (typeof value === 'object' && value !== null) {
      for (const name of DESCRIPTIVE_FIELDS) {
        const found = (value as Record<string, unknown>)[name];
        if (typeof found === 'string' && found.trim() !== '') return ` ${firstLine(found)}`;
      }
    }
  } catch {
    // Not JSON, or cut off: shown unchanged.
  }
  return input === '' ? '' : ` ${input}`;
}

const LAST_LINES = 12;
const LAST_CHARACTERS = 600;

/** Returns the last lines that a dead pane shows, without tmux's own line. */
export function lastLines(screen: readonly string[]): string {
  const said = screen.filter((line) => line.trim() !== '' && !line.startsWith('Pane is dead'));
  return said.slice(-LAST_LINES).join('\n').slice(-LAST_CHARACTERS);
}

/** Describes how a process ended; `end` is its exit status, or `signal 9`, or empty. */
export function endedHow(end: string): string {
  if (end === '') return 'ended';
  return end.startsWith('signal') ? `ended by ${end}` : `ended with status ${end}`;
}

type Worker = Pick<AgentRecord, 'status' | 'background'>;

/** States in which an agent's turn is over while its process runs. */
const RESTS: readonly AgentState[] = ['idle', 'done'];

/** Returns what was seen to go on beside the agent's turns, one entry for each shell or subagent. */
export function backgroundWork({ background = '' }: Pick<Worker, 'background'>): readonly string[] {
  return background === '' ? [] : background.split('\n');
}

/**
 * Returns `idle, 2 in the background` for an agent that waits for shells or subagents; else the word alone.
 * @param word the agent's state in words
 */
export function withBackgroundWork(word: string, agent: Worker, say: Translate = english): string {
  const { length } = backgroundWork(agent);
  return length > 0 && RESTS.includes(agent.status) ? say('{0}, {1} in the background', word, length) : word;
}
