import type { AgentRecord } from '../../core/agents/agentRecord';
import { specOf } from '../../core/plan/agentSpecs';
import { meansOf, substituteOf } from '../../core/plan/substitute';
import { type LauncherOptions, programEnvironment } from '../launch/launcherOptions';

/**
 * Returns the environment in which an agent's check runs: that of its launch (project, `taco.agent.env`, account, `PORT`)
 * without the secret by which it signs its messages. Throws TacoError usage when its account is not usable.
 */
export function checkEnvironment(
  options: Pick<LauncherOptions, 'env' | 'paths' | 'settings'>,
  record: AgentRecord,
): Record<string, string> {
  const { profile } = options.settings;
  const { account } = meansOf(specOf(record) ?? {}, substituteOf(record), profile);
  const ended = record.status === 'exited' || record.status === 'failed'; // its port was freed
  return {
    ...programEnvironment(options, account),
    ...(record.port && !ended ? { PORT: record.port } : {}),
    TACO_AGENT: record.name,
  };
}
