import type { AgentProfile } from '../../core/agents/agentProfile';
import { OPEN_CODE_LIMITS } from '../openCode/limits';
import { launchOpenCodeLike, openCodeProfile } from '../openCode/profile';
import { accountIn } from '../shared/account';

/** Kilo CLI, 7.7: made from OpenCode, with its screen, keys and plugins, and with variables and folders of its own. */
export const kiloProfile: AgentProfile = {
  ...openCodeProfile,
  name: 'kilo',
  title: 'Kilo CLI',
  defaultCommand: 'kilo',
  limits: { ...OPEN_CODE_LIMITS, remedies: { ...OPEN_CODE_LIMITS.remedies, 'logged-out': 'run `kilo auth login`' } },
  account: (env) => accountIn('kilo', { keys: ['KILO_API_KEY'], folder: ['KILO_CONFIG_DIR', '.config/kilo'] }, env),
  ownsProcess: (command) => /^(?:\.?kilo|node|bun)$/.test(command),
  sessionVariables: [/^KILO(_PID|_PARENT_PID|_RUN_ID|_PROCESS_ROLE|_CLIENT|_SESSION_ID|_PTY_ID)?$/],
  launch: (context) => launchOpenCodeLike(context, 'KILO'),
};
