import { localizable, type LocalizableText } from '../base/localizedText';
import { TacoError } from './tacoError';

const INSTALL_TMUX = localizable`Install it: \`sudo apt-get install tmux\` (Debian, Ubuntu) or \`brew install tmux\` (macOS).`;
const INSTALL_REDIS = localizable`Install it: \`sudo apt-get install redis-server\` (Debian, Ubuntu) or \`brew install redis\` (macOS), or set a Redis URL.`;

/** Failures of tmux, Redis, the agent CLIs and TACO's folder. */
export const toolErrors = {
  /** @param command what was set in place of `tmux` */
  tmuxMissing: (command = 'tmux') =>
    command === 'tmux'
      ? new TacoError('tmux-missing', localizable`tmux is not installed.`, INSTALL_TMUX)
      : new TacoError(
          'tmux-missing',
          localizable`The tmux command "${command}" was not found.`,
          localizable`Set one executable, such as /usr/bin/tmux or ~/bin/tmux. Options of tmux belong into your tmux.conf.`,
        ),
  tmuxTooOld: (found: string, needed: string) =>
    new TacoError('tmux-too-old', localizable`tmux ${found} is too old; TACO needs ${needed} or newer.`, INSTALL_TMUX),
  tmuxFailed: (what: string, why: string, cause?: unknown) =>
    new TacoError(
      'tmux-failed',
      localizable`tmux could not ${what}: ${why}`,
      localizable`See the TACO log; \`taco doctor\` checks tmux.`,
      { cause },
    ),
  redisMissing: () =>
    new TacoError(
      'redis-missing',
      localizable`Neither redis-server nor valkey-server is installed, and no Redis URL is set.`,
      INSTALL_REDIS,
    ),
  redisUnreachable: (where: string, cause?: unknown) =>
    new TacoError(
      'redis-unreachable',
      localizable`Redis at ${where} does not answer.`,
      localizable`Check the Redis URL, or clear it to let TACO start its own Redis.`,
      { cause },
    ),
  redisLoading: (where: string) =>
    new TacoError(
      'redis-unreachable',
      localizable`Redis at ${where} is still loading its data.`,
      localizable`Try again in a moment; nothing is lost.`,
    ),
  redisUrlInvalid: (why: string) =>
    new TacoError(
      'redis-unreachable',
      localizable`The Redis URL is not valid: ${why}.`,
      localizable`Use redis://[user:password@]host[:port][/db], rediss://…, redis+cluster://host:port,host:port or the path of a unix socket.`,
    ),
  redisFailed: (what: string, why: string, cause?: unknown) =>
    new TacoError(
      'redis-failed',
      localizable`Redis could not ${what}: ${why}`,
      localizable`See the TACO log; \`taco doctor\` checks Redis.`,
      { cause },
    ),
  cliMissing: (command: string) =>
    new TacoError(
      'cli-missing',
      command.includes('/')
        ? localizable`The agent command "${command}" was not found, or cannot be executed.`
        : localizable`The agent command "${command}" was not found on the PATH.`,
      localizable`Install it (for Claude Code: \`npm install -g @anthropic-ai/claude-code\`), or set another agent command.`,
    ),
  cliNotLoggedIn: (command: string) =>
    new TacoError(
      'cli-not-logged-in',
      localizable`"${command}" is installed but not logged in.`,
      localizable`Run \`${command}\` once in a terminal and log in.`,
    ),
  ghMissing: () =>
    new TacoError(
      'gh-missing',
      localizable`The GitHub CLI \`gh\` is not installed.`,
      localizable`Install it from https://cli.github.com, then run \`gh auth login\`.`,
    ),
  ghNotLoggedIn: () =>
    new TacoError(
      'gh-not-logged-in',
      localizable`The GitHub CLI \`gh\` is not logged in.`,
      localizable`Run \`gh auth login\` in a terminal.`,
    ),
  /** A command of a setting or an option that cannot be read. */
  commandInvalid: (text: string, why: LocalizableText, hint: LocalizableText) =>
    new TacoError('usage', localizable`Cannot use the command "${text}": ${why}.`, hint),
  homeUnusable: (home: string, separator: string) =>
    new TacoError(
      'home-unusable',
      localizable`Cannot use ${home} as TACO_HOME: its path has a "${separator}", which separates the folders of a PATH, so agents would not find \`taco\`.`,
      localizable`Set TACO_HOME to a path without "${separator}".`,
    ),
  homeUnwritable: (home: string, why: LocalizableText) =>
    new TacoError(
      'home-unusable',
      localizable`Cannot write TACO's folder ${home}: ${why}.`,
      localizable`Set TACO_HOME to a folder that you can write.`,
    ),
  homeUnsafe: (path: string, why: LocalizableText, cure: LocalizableText) =>
    new TacoError('home-unusable', localizable`Cannot use TACO's folder safely: ${path}: ${why}.`, cure),
} as const;
