import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';

/** Folders of a CLI's conversations; undefined: unknown. */
export interface ConversationFolders {
  /** That of the account with which the agent is launched. */
  readonly now: string | undefined;
  /** That of another account, which the agent had before. */
  readonly before: string | undefined;
}

/**
 * Returns whether the CLI can continue the conversation of `earlier`. One of another account is copied first. A CLI
 * ends with an error when it is to continue a conversation that had no prompt yet (`none`) or whose file was deleted
 * (`gone`).
 */
export async function findConversation(
  profile: Pick<AgentProfile, 'name' | 'readConversation'>,
  { profile: earlierProfile, sessionId, begun, hooks }: Pick<AgentRecord, 'profile' | 'sessionId' | 'begun' | 'hooks'>,
  { now, before }: ConversationFolders,
): Promise<'resumable' | 'none' | 'gone'> {
  if (sessionId === '' || earlierProfile !== profile.name) return 'none'; // a CLI cannot continue what another one began
  if (begun !== true) {
    // Silent hooks report no prompt; only the CLI's own file proves one.
    if (hooks !== 'silent') return 'none';
    if (!(await hasPrompt(profile, now, sessionId)) && !(await hasPrompt(profile, before, sessionId))) return 'none';
  }
  if (!(await isGone(now, sessionId))) return 'resumable';
  const isCopied = before !== undefined && now !== undefined && (await copyConversation(before, now, sessionId));
  return isCopied ? 'resumable' : 'gone';
}

/**
 * Copies a conversation into the folder of another account, so that it continues there. Returns false when it is not in
 * the old one.
 */
async function copyConversation(from: string, to: string, conversation: string): Promise<boolean> {
  const projects = await readdir(from).catch(() => [] as string[]);
  const project = projects.find((each) => existsSync(join(from, each, `${conversation}.jsonl`)));
  if (project === undefined) return false;
  await mkdir(join(to, project), { recursive: true, mode: 0o700 });
  await copyFile(join(from, project, `${conversation}.jsonl`), join(to, project, `${conversation}.jsonl`));
  return true;
}

/** Returns whether the CLI's file of the conversation holds a prompt; a CLI may write the file before the first one. */
async function hasPrompt(
  profile: Pick<AgentProfile, 'readConversation'>,
  folder: string | undefined,
  conversation: string,
): Promise<boolean> {
  if (folder === undefined || profile.readConversation === undefined) return false;
  for (const project of await readdir(folder).catch(() => [] as string[])) {
    const text = await readFile(join(folder, project, `${conversation}.jsonl`), 'utf8').catch(() => '');
    if (text.split('\n').some((line) => profile.readConversation?.(line)?.kind === 'prompt')) return true;
  }
  return false;
}

/** Returns false also when the file cannot be checked. */
async function isGone(folder: string | undefined, conversation: string): Promise<boolean> {
  const folders = folder === undefined ? null : await readdir(folder).catch(() => null);
  return (
    folder !== undefined &&
    folders !== null &&
    !folders.some((each) => existsSync(join(folder, each, `${conversation}.jsonl`)))
  );
}
