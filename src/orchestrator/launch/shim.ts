import { join } from 'node:path';
import { nodeVariables } from '../../core/programs/environment';
import { TacoPaths } from '../../core/programs/paths';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { shellQuote } from '../../profiles/shared/shellQuote';
import { Keys } from '../../redis/client/keys';
import { MAX_HOOK_REPORTS } from '../../redis/queue/hookReports';
import { scripts } from '../../redis/scripts/scripts';

/** A Redis that does not answer within this is unreachable, seconds; long enough for a slow, loaded machine. */
const PATIENCE_S = 2;
/** Ends a hook whose input never ends, seconds. */
const LIFETIME_S = 5;

/**
 * Lists the processes above a hook without starting one: `/proc/ID/stat` is `ID (NAME) STATE PARENT …`, and the name may
 * contain spaces and parentheses. Without /proc, `taco hook` asks `ps` when a conversation starts.
 */
const PARENTS = `if [ "$1" = hook ]; then
  TACO_HOOK_PARENTS= above=$PPID
  while [ "$above" -gt 1 ] && read -r stat < "/proc/$above/stat"; do
    TACO_HOOK_PARENTS="\${TACO_HOOK_PARENTS:+$TACO_HOOK_PARENTS }$above"
    stat=\${stat##*) } stat=\${stat#? }
    above=\${stat%% *}
  done 2>/dev/null
  export TACO_HOOK_PARENTS
  case "$TACO_HOOK_PARENTS/$2" in /SessionStart) quick= ;; esac
fi
`;

/**
 * Writes the `taco` command that comes first on each agent's PATH. It runs TACO's bundle with the Node that runs
 * TACO. In a desktop VS Code that is Electron, which acts as Node only with an environment variable.
 * @param tacoCommand argument array, `[node, dist/taco.js]`
 */
export async function writeShim(paths: TacoPaths, tacoCommand: readonly string[]): Promise<void> {
  const words = tacoCommand.map(shellQuote).join(' ');
  const electron = Object.entries(nodeVariables(tacoCommand[0] ?? ''))
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('');
  const script = `#!/bin/sh\n# Written by TACO at each start.\n${electron}${quickHook(words)}exec ${words} "$@"\n`;
  // Atomic: an agent may run the script at this moment.
  await writeFileAtomic(join(paths.binDir, 'taco'), script, 0o700);
}

/**
 * Returns the part of the shim that handles the frequent hooks (prompt, end of turn) without starting Node. A start
 * of Node costs ten times the hook's own work (docs/performance.md). redis-cli passes the CLI's payload to a Lua
 * script. `taco hook` handles everything that the script cannot decide, reports that must queue behind spooled ones,
 * and reports that must be spooled.
 * Used only on the socket of TACO's own server, which needs no password, and where `redis-cli` and `timeout` exist.
 */
function quickHook(words: string): string {
  const keys = new Keys('$TACO_PROJECT_ID');
  const inflight = keys.inflight(0).replace(/0$/, '$TACO_WINDOW');
  const call = `redis-cli -s "$TACO_REDIS" -x EVALSHA ${scripts.hookRaw.sha} 2 "${keys.hooks}" "${inflight}" "$TACO_WINDOW" "$2" "${keys.events}" ${MAX_HOOK_REPORTS} "$TACO_HOOK_CALL" "$TACO_HOOK_PARENTS"`;
  const spoolDir = `${new TacoPaths({ TACO_HOME: '/' }, '').hooksDir('$TACO_PROJECT_ID').replace('/', '$TACO_HOME/')}/$TACO_WINDOW`;
  return `
case "$#/$1/$2" in 2/hook/UserPromptSubmit | 2/hook/Stop | 2/hook/SessionStart | 2/hook/SessionEnd) quick=1 ;; *) quick= ;; esac
case "$TACO_REDIS" in /*) ;; *) quick= ;; esac
case "$TACO_PROJECT_ID" in '' | *[!0-9a-f]*) quick= ;; esac
case "$TACO_WINDOW" in '' | *[!0-9]*) quick= ;; esac
[ -d "${spoolDir}" ] && quick=
${PARENTS}if [ "$quick" ] && [ ! -t 0 ] && command -v redis-cli >/dev/null && command -v timeout >/dev/null; then
  input=$(timeout ${LIFETIME_S} cat)
  # Identifies a report that was published although its answer did not come.
  { read -r now rest < /proc/uptime; } 2>/dev/null || now=$(date +%s)
  TACO_HOOK_CALL="$TACO_WINDOW.$$.$now"
  said=$(printf %s "$input" | timeout ${PATIENCE_S} ${call} 2>/dev/null)
  case "$said" in ok | receipt) exit 0 ;; esac
  export TACO_HOOK_CALL
  printf %s "$input" | ${words} "$@"
  exit 0
fi
`;
}
