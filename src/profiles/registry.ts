import type { AgentProfile } from '../core/profile';
import { claudeProfile } from './claude';
import { codexProfile } from './codex';
import { copilotProfile } from './copilot';
import { geminiProfile } from './gemini';
import { openCodeProfile } from './openCode';
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

export function profileNames(): readonly string[] {
  return PROFILES.map(({ name }) => name);
}
