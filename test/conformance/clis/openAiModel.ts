import { startOpenAiApi, type OpenAiCall } from '../../support/clis/openAiApi';
import { isCompaction, modelActs, type ShellTool } from '../model';
import type { ModelStandIn, Turn } from './cli';

export interface OpenAiModelOptions {
  /** Folder for the commands that the model requests. */
  readonly scratch: string;
  /** The tool that runs a command, as this CLI names it. */
  readonly shell: ShellTool;
  /** Returns the conversation of a call, as the agent's record names it; undefined for an internal call of the CLI. */
  readonly sessionOf: (call: OpenAiCall) => string | undefined;
  /** Returns the user's own words of one text part; null for the CLI's own context. */
  readonly words?: (text: string) => string | null;
}

/** Starts the suite's model behind one of OpenAI's wire formats. */
export async function openAiModel({
  scratch,
  shell,
  sessionOf,
  words = (text) => text,
}: OpenAiModelOptions): Promise<ModelStandIn> {
  const turns = new Map<string, Turn[]>();
  const own = (texts: readonly string[]): string[] => texts.flatMap((text) => words(text) ?? []);
  const api = await startOpenAiApi((call) => {
    const sessionId = sessionOf(call);
    if (sessionId === undefined) return { text: 'A test session' };
    const ofSession = turns.get(sessionId) ?? [];
    turns.set(sessionId, [
      ...ofSession,
      { said: own(call.said).filter((text) => !isCompaction(text)), answered: call.answered },
    ]);
    return modelActs(own(call.prompts), scratch, shell);
  });
  return { url: api.url, turns: (sessionId) => turns.get(sessionId) ?? [], close: () => api.close() };
}
