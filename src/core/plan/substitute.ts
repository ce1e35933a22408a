import type { AgentRecord } from '../agents/agentRecord';
import { substituteSchema, type AgentSpec, type Substitute } from '../models';

/** Returns what an agent uses in place of what its plan says; null: nothing. */
export function substituteOf(record: Pick<AgentRecord, 'substitute'> | null): Substitute | null {
  try {
    return substituteSchema.safeParse(JSON.parse(record?.substitute || 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** The means on which an agent runs. */
export interface AgentMeans {
  readonly profile: string;
  readonly model: string | undefined;
  /** Name of an entry of `taco.accounts`; undefined: the user's own environment. */
  readonly account: string | undefined;
}

/** Returns what the plan says, or what the substitute replaces of it. Another CLI does not know the model or the account. */
export function meansOf(
  spec: Pick<AgentSpec, 'profile' | 'model' | 'account'>,
  substitute: Substitute | null,
  defaultProfile: string,
): AgentMeans {
  const own = { profile: spec.profile ?? defaultProfile, model: spec.model, account: spec.account };
  if (!substitute) return own;
  const profile = substitute.profile ?? own.profile;
  const isOwn = profile === own.profile;
  return {
    profile,
    model: substitute.model ?? (isOwn ? own.model : undefined),
    account: substitute.account ?? (isOwn ? own.account : undefined),
  };
}

/** Returns `codex, model gpt-5, account work`. */
export function meansText({ profile, model, account }: AgentMeans): string {
  return [profile, model === undefined ? '' : `model ${model}`, account === undefined ? '' : `account ${account}`]
    .filter(Boolean)
    .join(', ');
}
