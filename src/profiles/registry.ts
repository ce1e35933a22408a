import type { AgentProfile } from '../core/agents/agentProfile';
import { claudeProfile } from './claude/profile';
import { codexProfile } from './codex/profile';
import { copilotProfile } from './copilot/profile';
import { geminiProfile } from './gemini/profile';
import { kiloProfile } from './kilo/profile';
import { openCodeProfile } from './openCode/profile';
import { qwenProfile } from './qwen/profile';
import { scriptedProfile } from './scripted';

const PROFILES: readonly AgentProfile[] = [
  claudeProfile,
  codexProfile,
  copilotProfile,
  geminiProfile,
  kiloProfile,
  openCodeProfile,
  qwenProfile,
  scriptedProfile,
];

/** Names of the profiles of real agent CLIs. */
export const BUILT_IN_CLIS: readonly string[] = PROFILES.filter((profile) => profile !== scriptedProfile).map(
  ({ name }) => name,
);

export function profileOf(name: string): AgentProfile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}

/** Extends `profileOf` with the user's own profiles; these cannot replace TACO's profiles. */
export function profilesWith(own: readonly AgentProfile[]): typeof profileOf {
  return (name) => profileOf(name) ?? own.find((profile) => profile.name === name);
}

/** Returns TACO's profiles, then the user's. */
export function allProfiles(own: readonly AgentProfile[]): readonly AgentProfile[] {
  return [...PROFILES, ...own];
}

/** Environment variables by which the known CLIs mark their child processes. */
export const SESSION_VARIABLES: readonly RegExp[] = PROFILES.flatMap(({ sessionVariables = [] }) => sessionVariables);

export function profileNames(): readonly string[] {
  return PROFILES.map(({ name }) => name);
}
