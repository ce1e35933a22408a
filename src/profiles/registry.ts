import type { AgentProfile } from '../core/agents/agentProfile';
import { claudeProfile } from './claude/profile';
import { codexProfile } from './codex/profile';
import { copilotProfile } from './copilot/profile';
import { geminiProfile } from './gemini/profile';
import { openCodeProfile } from './openCode/profile';
import { scriptedProfile } from './scripted';

const PROFILES: readonly AgentProfile[] = [
  claudeProfile,
  codexProfile,
  copilotProfile,
  geminiProfile,
  openCodeProfile,
  scriptedProfile,
];

export function profileOf(name: string): AgentProfile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}

/** As `profileOf`, with profiles of the person's own; TACO's names stay TACO's. */
export function profilesWith(own: readonly AgentProfile[]): typeof profileOf {
  return (name) => profileOf(name) ?? own.find((profile) => profile.name === name);
}

/** TACO's own, then the person's. */
export function allProfiles(own: readonly AgentProfile[]): readonly AgentProfile[] {
  return [...PROFILES, ...own];
}

/** The names by which any CLI that TACO knows marks what runs below it. */
export const SESSION_VARIABLES: readonly RegExp[] = PROFILES.flatMap(({ sessionVariables = [] }) => sessionVariables);

export function profileNames(): readonly string[] {
  return PROFILES.map(({ name }) => name);
}
