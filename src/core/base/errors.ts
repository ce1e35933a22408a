import { render, localizable, type Translate, type LocalizableText } from './localizedText';

/**
 * All failures that TACO reports. Each has one code, one factory, one sentence for users and one hint.
 * `isTacoError(error, 'tmux-missing')` tests for one; the CLI prints `{code, message, hint}`.
 */
export type TacoErrorCode =
  | 'tmux-missing'
  | 'tmux-too-old'
  | 'tmux-failed'
  | 'redis-missing'
  | 'redis-unreachable'
  | 'redis-failed'
  | 'cli-missing'
  | 'cli-not-logged-in'
  | 'no-project'
  | 'no-session'
  | 'home-unusable'
  | 'session-exists'
  | 'session-lost'
  | 'session-unreachable'
  | 'session-older'
  | 'agents-running'
  | 'stop-incomplete'
  | 'session-starting'
  | 'session-stopping'
  | 'team-launching'
  | 'state-lost'
  | 'unknown-agent'
  | 'agent-elsewhere'
  | 'unknown-host'
  | 'host-there'
  | 'message-empty'
  | 'message-too-long'
  | 'quota-exceeded'
  | 'fate-unknown'
  | 'sender-refused'
  | 'type-refused'
  | 'unknown-command-id'
  | 'message-in-flight'
  | 'need-gone'
  | 'answer-refused'
  | 'plan-invalid'
  | 'plan-missing'
  | 'plan-replaced'
  | 'plan-not-delivered'
  | 'not-leader'
  | 'launch-failed'
  | 'adopt-refused'
  | 'check-refused'
  | 'service-refused'
  | 'worktree-refused'
  | 'worktree-conflict'
  | 'cancelled'
  | 'timeout'
  | 'usage'
  | 'internal';

/** An error with a `code`, the failed subject in its message, and a `hint` for the user. */
export class TacoError extends Error {
  override readonly name = 'TacoError';
  readonly hint: string;
  readonly #words: { readonly message: string | LocalizableText; readonly hint: string | LocalizableText };

  constructor(
    readonly code: TacoErrorCode,
    message: string | LocalizableText,
    hint: string | LocalizableText,
    options?: { cause?: unknown; details?: unknown },
  ) {
    super(render(message), options?.cause === undefined ? undefined : { cause: options.cause });
    this.hint = render(hint);
    this.details = options?.details;
    this.#words = { message, hint };
  }

  /** Returns `message` and `hint` in the user's language; the members themselves are English. */
  localized(say: Translate): { readonly message: string; readonly hint: string } {
    return { message: render(this.#words.message, say), hint: render(this.#words.hint, say) };
  }

  /** Structured facts for `--json` (for example the list of plan problems); undefined when there are none. */
  readonly details: unknown;

  toJSON(): { code: TacoErrorCode; message: string; hint: string; details?: unknown } {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/**
 * Returns whether `error` is a TacoError, and has `code` if given. It compares by name, because each bundle has its own
 * class.
 */
export function isTacoError(error: unknown, code?: TacoErrorCode): error is TacoError {
  return (
    error instanceof Error && error.name === 'TacoError' && (code === undefined || (error as TacoError).code === code)
  );
}

/** Returns the message of any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns a TacoError unchanged; wraps anything else with the code `internal`. */
export function toTacoError(error: unknown): TacoError {
  if (isTacoError(error)) return error;
  return new TacoError('internal', errorMessage(error), localizable`See the TACO log for the full trace.`, {
    cause: error,
  });
}

const INSTALL_TMUX = localizable`Install it: \`sudo apt-get install tmux\` (Debian, Ubuntu) or \`brew install tmux\` (macOS).`;
const INSTALL_REDIS = localizable`Install it: \`sudo apt-get install redis-server\` (Debian, Ubuntu) or \`brew install redis\` (macOS), or set a Redis URL.`;

/** One factory per failure, so that each sentence exists once. */
export const errors = {
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
  homeUnusable: (home: string, separator: string) =>
    new TacoError(
      'home-unusable',
      localizable`Cannot use ${home} as TACO_HOME: its path has a "${separator}", which separates the folders of a PATH, so agents would not find \`taco\`.`,
      localizable`Set TACO_HOME to a path without "${separator}".`,
    ),
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
  /** A command of a setting or an option that cannot be read. */
  commandInvalid: (text: string, why: LocalizableText, hint: LocalizableText) =>
    new TacoError('usage', localizable`Cannot use the command "${text}": ${why}.`, hint),
  cliNotLoggedIn: (command: string) =>
    new TacoError(
      'cli-not-logged-in',
      localizable`"${command}" is installed but not logged in.`,
      localizable`Run \`${command}\` once in a terminal and log in.`,
    ),
  homeUnwritable: (home: string, why: LocalizableText) =>
    new TacoError(
      'home-unusable',
      localizable`Cannot write TACO's folder ${home}: ${why}.`,
      localizable`Set TACO_HOME to a folder that you can write.`,
    ),
  homeUnsafe: (path: string, why: LocalizableText, cure: LocalizableText) =>
    new TacoError('home-unusable', localizable`Cannot use TACO's folder safely: ${path}: ${why}.`, cure),
  noProject: (dir: string) =>
    new TacoError(
      'no-project',
      localizable`No TACO project was found at or above ${dir}.`,
      localizable`Run this inside the project, or pass --project DIR.`,
    ),
  noSession: (dir: string) =>
    new TacoError(
      'no-session',
      localizable`No TACO session runs for ${dir}.`,
      localizable`To start one, use TACO: Start… in VS Code, or \`taco up --goal "…"\`.`,
    ),
  sessionExists: (name: string) =>
    new TacoError(
      'session-exists',
      localizable`A TACO session already runs for this project (${name}).`,
      localizable`Stop it first (TACO: Stop, or \`taco down\`), or keep using it.`,
    ),
  /** @param detail the reason, unless the tmux session simply ended */
  sessionLost: (name: string, detail = '') =>
    new TacoError(
      'session-lost',
      detail || localizable`The tmux session ${name} has ended. Its agents and messages are kept.`,
      localizable`Resume the team (TACO: Resume Session, or \`taco up --resume\`), or end it (TACO: Stop, or \`taco down\`).`,
    ),
  sessionUnreachable: (pid: number, socket: string, why: string) =>
    new TacoError(
      'session-unreachable',
      localizable`The team's tmux server (process ${pid}) still runs, but TACO cannot reach it at ${socket}: ${why}.`,
      localizable`\`taco down\` ends its agents.`,
    ),
  sessionOlder: (name: string) =>
    new TacoError(
      'session-older',
      localizable`An older version of TACO started the session ${name}. It carries no identity, so TACO cannot prove that it is this project's, and leaves it alone.`,
      localizable`\`taco down\` ends the agents of this project; then start again.`,
    ),
  agentsRunning: (pids: readonly number[]) =>
    new TacoError(
      'agents-running',
      localizable`Processes of an earlier session of this project still run (${pids.join(', ')}).`,
      localizable`\`taco down\` ends them.`,
    ),
  stopIncomplete: (pids: readonly number[]) =>
    new TacoError(
      'stop-incomplete',
      localizable`Cannot stop the team: these processes do not end: ${pids.join(', ')}.`,
      localizable`End them yourself, then run \`taco down\` again.`,
    ),
  processesUnknown: (why: string) =>
    new TacoError(
      'internal',
      localizable`Cannot list the processes of this machine: ${why}.`,
      localizable`Check that \`ps -A\` works, then try again.`,
    ),
  stateLost: () =>
    new TacoError(
      'state-lost',
      localizable`Redis has lost everything about this team, and its agents run on.`,
      localizable`See them with \`tmux -L taco attach\`, end them with \`tmux -L taco kill-server\`, and start the team again.`,
    ),
  unknownAgent: (name: string, known: readonly string[]) =>
    new TacoError(
      'unknown-agent',
      localizable`No agent named "${name}".`,
      known.length ? localizable`Available: ${known.join(', ')}.` : localizable`No agents run yet.`,
    ),
  agentElsewhere: (name: string, host: string) =>
    new TacoError(
      'agent-elsewhere',
      localizable`${name} runs on the host ${host}; its terminal is there.`,
      localizable`On that machine \`tmux -u -L taco attach\` shows it (-L: what \`taco host\` was given as --socket).`,
    ),
  unknownHost: (name: string, known: readonly string[]) =>
    new TacoError(
      'unknown-host',
      localizable`No host named "${name}" is in this project.`,
      known.length
        ? localizable`Available: ${known.join(', ')}.`
        : localizable`Run \`taco host --name ${name}\` on a machine to add one.`,
    ),
  hostThere: (name: string) =>
    new TacoError(
      'host-there',
      localizable`Host ${name} is still connected.`,
      localizable`Stop its \`taco host\` first (Ctrl-C); a killed process counts as connected for 5 s. To remove single agents, change the plan.`,
    ),
  messageEmpty: () =>
    new TacoError(
      'message-empty',
      localizable`The message is empty.`,
      localizable`Pass a text, or \`-\` to read it from standard input.`,
    ),
  messageTooLong: (bytes: number, limit: number) =>
    new TacoError(
      'message-too-long',
      localizable`The message has ${bytes} bytes; the limit is ${limit}.`,
      localizable`Write it to a file and send the path.`,
    ),
  quotaExceeded: (what: string, limit: number) =>
    new TacoError(
      'quota-exceeded',
      localizable`Too many messages wait for ${what} (limit ${limit}).`,
      localizable`Wait until some are delivered, or raise the limit in the settings.`,
    ),
  fateUnknown: (id: string) =>
    new TacoError(
      'fate-unknown',
      localizable`Cannot send message ${id} again: nobody can tell any more whether it arrived.`,
      localizable`Look at its receiver's terminal, and send it anew if it is not there.`,
    ),
  senderRefused: (claimed: string) =>
    new TacoError(
      'sender-refused',
      localizable`This process is not allowed to send as ${claimed}.`,
      localizable`Agents can only send under the name they were launched with.`,
    ),
  typeRefused: (type: string, sender: string) =>
    new TacoError(
      'type-refused',
      localizable`${sender} is not allowed to send ${type} commands.`,
      localizable`Only the user can.`,
    ),
  checkRefused: (agent: string) =>
    new TacoError(
      'check-refused',
      localizable`${agent} is not allowed to let TACO run a command: its permission mode asks the user first.`,
      localizable`Use an HTTP path or tcp as the check, or ask the user to register the service.`,
    ),
  serviceRefused: (name: string, owner: string) =>
    new TacoError(
      'service-refused',
      localizable`The service "${name}" is registered by ${owner}.`,
      localizable`Choose another name, or ask ${owner} to remove it.`,
    ),
  unknownCommandId: (id: string) =>
    new TacoError(
      'unknown-command-id',
      localizable`No message with the id ${id}.`,
      localizable`To list them, run \`taco messages\`.`,
    ),
  messageInFlight: (id: string) =>
    new TacoError(
      'message-in-flight',
      localizable`Cannot drop message ${id}: it is being typed, or the agent has it already.`,
      localizable`To see its state, run \`taco messages ${id}\`.`,
    ),
  requestGone: () =>
    new TacoError(
      'need-gone',
      localizable`This request is closed: it was answered elsewhere, or its agent continued.`,
      localizable`Your answer was not used. Check the agent to see what happened.`,
    ),
  answerRefused: (why: string) =>
    new TacoError(
      'answer-refused',
      localizable`The answer was not delivered: ${why}.`,
      localizable`Open the agent's terminal and answer there.`,
    ),
  planInvalid: (problems: readonly { readonly message: string }[]) =>
    new TacoError(
      'plan-invalid',
      localizable`The plan has ${problems.length} problem(s): ${problems.map(({ message }) => message).join(' ')}`,
      localizable`Fix the problems, then submit the plan again.`,
      { details: problems },
    ),
  planMissing: () =>
    new TacoError(
      'plan-missing',
      localizable`No plan is under review.`,
      localizable`Start a session with a goal, or submit one: \`taco plan submit FILE\`.`,
    ),
  planNotDelivered: (attempts: number) =>
    new TacoError(
      'plan-not-delivered',
      localizable`Mother printed no valid plan in ${attempts} attempts.`,
      localizable`Check Mother's window, then send Mother a note or edit the plan yourself.`,
    ),
  notLeader: () =>
    new TacoError(
      'not-leader',
      localizable`Another TACO process leads this session now.`,
      localizable`No action needed: the other process continues the session.`,
    ),
  launchFailed: (name: string, why: string, cause?: unknown) =>
    new TacoError(
      'launch-failed',
      localizable`Agent ${name} could not be launched: ${why}`,
      localizable`Check its window, then relaunch it.`,
      { cause },
    ),
  adoptRefused: (pane: string, why: string) =>
    new TacoError(
      'adopt-refused',
      localizable`Pane ${pane} cannot be adopted: ${why}.`,
      localizable`Run \`taco adopt\` without a pane to list panes that can be adopted. The agent CLI must show its prompt on TACO’s own tmux server.`,
    ),
  worktreeRefused: (why: string, hint: string) => new TacoError('worktree-refused', why, hint),
  worktreeConflict: (branch: string, files: readonly string[]) =>
    new TacoError(
      'worktree-conflict',
      localizable`Merging ${branch} has conflicts in ${files.join(', ')}.`,
      localizable`Resolve them in your editor and commit, or run \`git merge --abort\`.`,
      { details: { files } },
    ),
  cancelled: (what: string) =>
    new TacoError('cancelled', localizable`${what} was cancelled.`, localizable`No process was left running.`),
  timeout: (what: string, seconds: number) =>
    new TacoError(
      'timeout',
      localizable`${what} did not happen within ${seconds} s.`,
      localizable`Run \`taco messages\` to see why messages wait.`,
    ),
  usage: (message: string, hint: string) => new TacoError('usage', message, hint),
} as const;
