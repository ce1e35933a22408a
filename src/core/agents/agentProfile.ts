/** Everything that TACO knows about an agent CLI. Each CLI has one folder in `src/profiles/`. */
import type { LimitTexts } from '../limits/limit';
import type { PermissionMode } from '../models';
import type { CallSign, ConversationSign } from './conversationSign';

/** A part of a screen line in one style. */
export interface ScreenRun {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  /** SGR foreground as tmux prints it: `31`, `38;5;246`, `38;2;r;g;b`; empty for the default. */
  readonly fg: string;
  /** SGR background in the same form: `48;5;236`. */
  readonly bg: string;
}

export interface ScreenLine {
  /** Plain text without trailing spaces. */
  readonly text: string;
  readonly runs: readonly ScreenRun[];
}

/** A pane's visible screen with styles and cursor position (cells, from 0). */
export interface TerminalScreen {
  readonly width: number;
  readonly height: number;
  readonly cursor: { readonly x: number; readonly y: number; readonly visible: boolean };
  readonly lines: readonly ScreenLine[];
}

/** Content of the input box. `whole` is false when the box shows only a part of it (scrolled or collapsed). */
export interface Composer {
  /**
   * The draft without prompt character, cursor cell and placeholder. Soft-wrapped lines are joined as the CLI shows
   * them; `
   * ` marks a new row.
   */
  readonly text: string;
  readonly empty: boolean;
  readonly whole: boolean;
  /** Rows of the draft exactly as the screen shows them, right-trimmed, without prompt character and indent. */
  readonly rows: readonly string[];
  /** Columns that a row can hold before the CLI wraps it. */
  readonly columns: number;
  /**
   * The input box's first screen row, complete, with prompt character and placeholder; undefined when scrolled away.
   */
  readonly anchor?: string | undefined;
  /**
   * Text that the CLI draws instead of a hidden part of the text, without spaces; absent when nothing is hidden this
   * way.
   */
  readonly gap?: RegExp | undefined;
  /**
   * Marker that the CLI draws instead of a paste, without spaces; present when the input box holds one. Group 1 is the
   * size of the paste, group 2 its unit, which begins with `line` or `char` (UTF-16 units).
   */
  readonly fold?: RegExp | undefined;
}

/**
 * - `ready`: an input box is shown and the agent waits; `busy`: an input box is shown and the agent works;
 * - `dialog`: anything that Enter would answer; `starting`: nothing recognisable yet;
 * - `unknown`: a screen that the profile does not recognise, so TACO holds messages instead of guessing.
 */
export type ReadingKind = 'ready' | 'busy' | 'dialog' | 'starting' | 'unknown';

export interface ScreenReading {
  readonly kind: ReadingKind;
  readonly composer: Composer | null;
  /** The dialog's first lines, for users; empty when there is no dialog. */
  readonly dialog: string;
  /** True when the CLI shows messages in its own queue (typed while busy, not yet submitted to the model). */
  readonly queued: boolean;
  /** Mode of an input box with modes (vim): text is typed in `insert` only. Absent: no mode is shown. */
  readonly editor?: 'insert' | 'command';
  /** Permission mode that the CLI shows, in the words of its hooks; absent: none is shown. */
  readonly permissionMode?: string;
}

/** A dialog that the user answers with arrow keys and Enter. */
export interface Dialog {
  /** Text above its choices, row by row, trimmed. */
  readonly lines: readonly string[];
  /** Choices, top down. */
  readonly choices: readonly string[];
  /** Index of the choice that Enter takes. */
  readonly selected: number;
  /** Digest of lines and choices: unchanged while the dialog asks the same. */
  readonly digest: string;
  /** Rows that identify this dialog, exactly as on the screen; the selected choice comes first. */
  readonly rows: readonly string[];
}

/** Typing rules of step 1 for this CLI. */
export interface TypingRules {
  readonly mode: 'type' | 'paste';
  /** Characters per piece or per paste. */
  readonly chunk: number;
  /** Wait between pieces, milliseconds. */
  readonly gapMs: number;
  /**
   * Maximum time in which the CLI draws the effect of a key, milliseconds; a CLI busy with a long prompt draws nothing
   * for that long. 2500 when absent.
   */
  readonly patienceMs?: number;
  /** Name of the tmux key that submits. */
  readonly submitKey: string;
  /** Names of the tmux keys that clear one row of the input box; repeated until it is empty. */
  readonly clearKeys: readonly string[];
}

/** Parameters of an agent's launch. Paths are absolute. */
export interface LaunchContext {
  readonly window: number;
  readonly name: string;
  /** Executable or its path; the user may have configured another one. */
  readonly command: string;
  /** The Node executable, or Electron running as Node, on which TACO itself runs. */
  readonly nodeCommand?: string | undefined;
  readonly workspace: string;
  /** The agent's environment, without the profile's own variables; it locates HOME, for example. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** UUID of the conversation; empty for a new one of a CLI that creates its own ids. */
  readonly sessionId: string;
  /** True continues that conversation, false begins it. */
  readonly resume: boolean;
  /** Appended to the CLI's own system prompt. */
  readonly systemPrompt: string;
  readonly model?: string | undefined;
  readonly permissionMode?: string | undefined;
  /** Messages of other sessions of this CLI, past TACO; `refuse` when absent. */
  readonly crossSession?: 'refuse' | 'show' | undefined;
  /** Folder for this agent's files (hook settings); readable by the user only. */
  readonly stateDir: string;
  /** Argument array of `taco hook`, for the CLI's hook settings. */
  readonly hookCommand: readonly string[];
  /** Argument array of `taco mcp`; absent: the agent gets no TACO tools. */
  readonly mcpCommand?: readonly string[];
}

/** The command to run. `env` is added to the pane's environment; secrets are never in argv. */
export interface LaunchSpec {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files to write before the launch, mode 0600. */
  readonly files: readonly { readonly path: string; readonly contents: string }[];
  /** Symbolic links to make before the launch; existing files are not replaced. */
  readonly links?: readonly { readonly path: string; readonly target: string }[];
}

/** Where a CLI finds its user's settings. */
export interface SettingsPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly projectDir: string;
}

/** A setting of the user that changes what TACO can promise. */
export interface MatteringSetting {
  readonly file: string;
  readonly setting: string;
  /** The consequence for the agents, one clause. */
  readonly effect: string;
}

export interface AgentProfile {
  /** `claude`, `scripted`, … */
  readonly name: string;
  /** Title for users: "Claude Code". */
  readonly title: string;
  /** Executable when the user configured none. */
  readonly defaultCommand: string;
  readonly typing: TypingRules;
  /**
   * `hook`: the CLI reports each prompt, so `received` can be proven; `screen`: `delivered` is the best possible proof.
   */
  readonly proof: 'hook' | 'screen';
  /** Words that are on the screen whenever a dialog is open; tmux refuses keys while one of them is visible. */
  readonly dialogHints?: readonly string[];
  /** Reads the calls of tools from one line of its transcript; absent: nothing does. */
  readonly readCalls?: (line: string) => readonly CallSign[];
  /** Measured memory of one working agent, MB; absent: unknown. */
  readonly memoryMb?: number;
  /** True when Enter queues the text inside the busy CLI; false: TACO holds the message as `busy`. */
  readonly queuesWhileBusy: boolean;
  /**
   * True when the CLI is proven to give a text typed while it works to the model, with a receipt that is true
   * (docs/steering.md). Messages are then typed at once by default.
   */
  readonly steers?: boolean;
  /**
   * True when its screen looks idle while it reads no key. Its hooks then report the start and the end of each turn
   * (core/agents/hookBusyState.ts).
   */
  readonly busyByHooks?: boolean;
  /**
   * True when the CLI creates its conversation ids: TACO takes the id from its first hook and passes none at launch.
   */
  readonly namesConversation?: boolean;
  /**
   * True when the CLI sets up its folders at its first start in a way that two starts at once do not survive. The first
   * agent of a leader's term then starts alone.
   */
  readonly firstStartAlone?: boolean;
  /**
   * Names of variables by which a running session of this CLI marks the programs below it. TACO removes them, because a
   * TACO agent does not belong to that session. Keys, addresses and options are not among them.
   */
  readonly sessionVariables?: readonly RegExp[];
  /** Returns the folder whose subfolders hold a file `ID.jsonl` for each resumable conversation; absent: unknown. */
  conversationsIn?(env: Readonly<Record<string, string | undefined>>): string;
  /**
   * Reads one line of the file that the CLI's hooks name as `transcript`; absent: its files prove nothing about messages.
   */
  readConversation?(line: string): ConversationSign | null;
  /** Command that checks the login, and a test for a definite "not logged in"; absent: the CLI has no such command. */
  readonly login?: { readonly args: readonly string[]; readonly isNo: (output: string) => boolean };
  /** Returns the account that its model bills in this environment, without secrets; absent: one for the CLI. */
  account?(env: Readonly<Record<string, string | undefined>>): string;
  /** Its texts when a model refuses a turn; absent: its limits are not recognised. */
  readonly limits?: LimitTexts;
  /** Returns whether the pane's foreground process can be this CLI (tmux `pane_current_command`). */
  ownsProcess(command: string): boolean;
  /** True when a hook reports the start of the CLI, before its first prompt. */
  readonly reportsStart?: boolean;
  /** Returns the user's own settings of the CLI that change what TACO can promise; reads files and changes none. */
  userSettings?(place: SettingsPlace): readonly MatteringSetting[];
  /** Permission modes that the CLI knows; absent: those of every CLI. */
  readonly permissionModes?: readonly PermissionMode[];
  launch(context: LaunchContext): LaunchSpec;
  readScreen(screen: TerminalScreen): ScreenReading;
  /** Returns the last prompt and the reason, if a hook of the user blocked it; the prompt may be wrapped or cut off. */
  blockedPrompt?(screen: TerminalScreen): { readonly reason: string; readonly prompt: string } | null;
  /** Returns whether the CLI was suspended (Ctrl-Z) and waits to be continued; absent: it cannot be. */
  isSuspended?(screen: TerminalScreen): boolean;
  /** Reads the dialog on the screen; absent: this CLI's dialogs are answered only in its terminal. */
  readDialog?(screen: TerminalScreen): Dialog | null;
  /**
   * Returns the exact characters to type so that the model gets `message` (handles a trailing backslash, a leading `!`,
   * tabs …).
   */
  textToType(message: string): string;
  /**
   * Returns the exact characters to type so that the CLI runs the slash command; absent: the command and a space, which
   * closes the menu that would complete it.
   */
  slashToType?(command: string): string;
  /** Returns the sender and the text of a prompt that another session of this CLI sent past TACO; null for any other. */
  crossSessionMessage?(prompt: string): { readonly from: string; readonly text: string } | null;
  /** Returns whether the prompt of the model equals `message` by the rule of text equality (docs/text-equality.md). */
  readonly sameText: (message: string, prompt: string) => boolean;
}
