import { english, type Translate } from '../base/localizedText';
import type { AgentRecord } from './agentRecord';
import type { AgentState } from './agentState';

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
