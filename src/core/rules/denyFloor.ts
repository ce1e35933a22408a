/**
 * The deny floor: what no rule may allow, whatever it says. Only the user answers such a request. docs/rules.md lists
 * it. Pure, without zod: the agent's hook loads it.
 */
import { isAbsolute, normalize, relative, resolve } from 'node:path';
import { shellCommands } from './shellWords';

/** A tool call that an agent asks to make. */
export interface ToolCall {
  readonly tool: string;
  readonly input: unknown;
  /** The agent's folder. */
  readonly workspace: string;
}

/** Programs that run text as a program, raise rights, or reach another machine: their arguments can do anything. */
const NEVER = new Set(
  (
    'sudo doas su pkexec sh bash zsh dash ksh fish csh tcsh eval exec source . xargs parallel env nohup setsid nsenter chroot unshare ' +
    'ssh scp sftp rsync rclone nc ncat socat telnet ftp curl wget aria2c osascript open xdg-open at batch crontab systemctl service ' +
    'launchctl shutdown reboot halt poweroff mkfs fdisk parted dd shred mount umount iptables nft ufw kill pkill killall chown ' +
    'useradd usermod passwd visudo docker podman kubectl helm terraform aws gcloud az gh glab gpg security secret-tool pass op printenv ' +
    'export set unset alias history tmux screen script taco claude codex copilot gemini opencode base64 xxd trap command builtin time tar unzip cpio less more man vi vim nano emacs ed pushd popd ' +
    'watch awk sed perl python python2 python3 ruby php lua osacompile expect tee truncate ln'
  ).split(' '),
);
/** Programs whose first word after the options decides: these may not be allowed by a rule. */
const NEVER_WITH: Readonly<Record<string, RegExp>> = {
  git: /^(push|config|remote|reset|clean|filter-branch|filter-repo|credential|daemon|gc|update-ref|submodule|send-email|rebase|bisect|worktree|restore|checkout|switch|stash|branch|tag)$/,
  npm: /^(publish|unpublish|login|logout|adduser|token|config|exec|x|owner|deprecate|access|set|explore|install|i|add|ci|link)$/,
  pnpm: /^(publish|login|config|dlx|exec|install|i|add|link)$/,
  yarn: /^(publish|npm|login|config|dlx|exec|install|add|link)$/,
  npx: /./,
  bunx: /./,
  uvx: /./,
  node: /^-|./,
  deno: /./,
  bun: /^(x|install|add|publish|-e)$/,
  pip: /^(install|config|download)$/,
  pip3: /^(install|config|download)$/,
  uv: /^(run|tool|pip|add|publish)$/,
  cargo: /^(publish|login|install|owner|yank)$/,
  go: /^(install|run|env|generate)$/,
  gem: /^(install|push|signin)$/,
  apt: /./,
  'apt-get': /./,
  brew: /./,
  chmod: /./,
};
/** Options that run another program, or write where the words do not say. */
const NEVER_OPTION: Readonly<Record<string, RegExp>> = {
  find: /^-(exec|execdir|ok|okdir|delete|fprint|fprintf|fls)/,
  rg: /^--(pre|hostname-bin)/,
  sort: /^--(output|compress-program)|^-o/,
  go: /^--?(exec|toolexec|vettool)/,
  cargo: /^--config/,
  git: /^(--no-verify|-n|--no-gpg-sign|--force|-f|--hard|-c|--config-env|--exec-path|--ext-diff|--textconv|--output|-O|--open-files-in-pager|--git-dir|--work-tree|-C)/,
};
/** Programs that delete or write: only with paths inside the agent's folder, and never with `-r` on the folder itself. */
const WRITERS = new Set(['rm', 'rmdir', 'unlink', 'mv', 'cp', 'install', 'touch', 'mkdir']);
/** Files that hold secrets, or decide what runs: hooks, settings and start files. */
const SECRET =
  /(^|\/)(\.ssh|\.aws|\.azure|\.gnupg|\.kube|\.docker|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.git-credentials|\.env(\.[\w-]+)?|\.envrc|id_(rsa|dsa|ecdsa|ed25519)|credentials(\.\w+)?|secrets?(\.\w+)?|\.vault-token|.*\.(pem|p12|pfx|key|keystore|jks))(\/|$)/i;
const CONTROL =
  /(^|\/)(\.git|\.claude|\.codex|\.copilot|\.gemini|\.mcp\.json|\.taco|\.vscode|\.husky|\.github\/workflows|\.bashrc|\.bash_profile|\.zshrc|\.zshenv|\.profile|authorized_keys)(\/|$)/i;

const PATH_FIELDS = ['file_path', 'notebook_path', 'path'] as const;

/** Returns why only the user may answer the call; empty when a rule may. */
export function floorReason({ tool, input, workspace }: ToolCall): string {
  if (tool === 'AskUserQuestion' || tool === 'ExitPlanMode') return 'a question or a plan is for the user';
  const fields = typeof input === 'object' && input !== null ? (input as Readonly<Record<string, unknown>>) : {};
  if (typeof fields['command'] === 'string') return commandReason(fields['command'], workspace);
  if ('command' in fields || /shell|bash|exec|terminal/i.test(tool)) return 'its command cannot be read';
  for (const name of PATH_FIELDS) {
    const path = fields[name];
    if (typeof path === 'string') return pathReason(path, workspace);
  }
  return '';
}

function commandReason(text: string, workspace: string): string {
  const commands = shellCommands(text);
  if (commands === null) return 'its command cannot be read word by word';
  for (const words of commands) {
    const reason = wordsReason(words, workspace);
    if (reason !== '') return reason;
  }
  return '';
}

function wordsReason([program = '', ...args]: readonly string[], workspace: string): string {
  // A program by its path may be any program, and NAME=value changes which one runs.
  if (program.includes('/') || program.includes('=')) return `it runs ${program}, which may be any program`;
  if (NEVER.has(program)) return `${program} can do anything`;
  const verb = args.find((word) => !word.startsWith('-')) ?? args[0] ?? '';
  if (NEVER_WITH[program]?.test(verb))
    return `${program} ${verb} leaves the agent's folder, or installs, publishes or discards`;
  const option = args.find((word) => NEVER_OPTION[program]?.test(word));
  if (option !== undefined) return `${program} ${option} disables a check, or runs another program`;
  if (program === 'cd' && (args.length !== 1 || verb.startsWith('-'))) return "it leaves the agent's folder";
  for (const word of args.flatMap((each) => [each, each.slice(each.indexOf('=') + 1)])) {
    const reason = SECRET.test(word) || CONTROL.test(word) || /[/~]|\.\./.test(word) ? pathReason(word, workspace) : '';
    if (reason !== '') return reason;
  }
  if (WRITERS.has(program) && args.some((word) => !word.startsWith('-') && isRoot(word, workspace)))
    return 'it changes the whole folder';
  return '';
}

function isRoot(word: string, workspace: string): boolean {
  return resolve(workspace, word) === resolve(workspace) || word === '*';
}

function pathReason(path: string, workspace: string): string {
  if (SECRET.test(path)) return `${path} may hold secrets`;
  if (CONTROL.test(path)) return `${path} decides what runs`;
  if (/^[a-z][\w+.-]*:\/\//i.test(path)) return '';
  if (path.startsWith('~')) return `${path} is outside the agent's folder`;
  const inside = relative(workspace, isAbsolute(path) ? normalize(path) : resolve(workspace, path));
  return inside === '..' || inside.startsWith('../') || isAbsolute(inside)
    ? `${path} is outside the agent's folder`
    : '';
}
