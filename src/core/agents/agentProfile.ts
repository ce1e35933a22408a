/** What TACO must know about an agent CLI. One file in `src/profiles/` per CLI fills this. */

/** A stretch of a screen line in one style. */
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
  /** Plain text, trailing blanks trimmed. */
  readonly text: string;
  readonly runs: readonly ScreenRun[];
}

/** A pane's visible screen with styles, and where its cursor is (cells, from 0). */
export interface TerminalScreen {
  readonly width: number;
  readonly height: number;
  readonly cursor: { readonly x: number; readonly y: number; readonly visible: boolean };
  readonly lines: readonly ScreenLine[];
}

/** What stands in the composer. `whole` is false when the composer shows only a part of it (scrolled or collapsed). */
export interface Composer {
  /** The draft without prompt sign, cursor cell and placeholder; soft-wrapped lines joined as the CLI shows them, `\n` where a new row begins. */
  readonly text: string;
  readonly empty: boolean;
  readonly whole: boolean;
  /** Rows of the draft as drawn, right-trimmed, without prompt sign and indent: exactly what the screen shows. */
  readonly rows: readonly string[];
  /** Columns a row can hold before the CLI wraps it. */
  readonly columns: number;
  /** The composer's first row on the screen, whole, with prompt sign and placeholder; undefined when it is scrolled away. */
  readonly anchor?: string | undefined;
  /** What the CLI draws in the place of a stretch of the text that it hides, blanks left out; absent when nothing is hidden so. */
  readonly gap?: RegExp | undefined;
  /**
   * The sign that the CLI draws instead of a paste, blanks left out, when the composer holds one: its first group is the paste's size,
   * its second the unit, which begins with `line` or `char` (UTF-16 units).
   */
  readonly fold?: RegExp | undefined;
}

/**
 * - `ready`: a composer is there and the agent waits; `busy`: a composer is there and the agent works;
 * - `dialog`: anything that an Enter would answer; `starting`: nothing recognisable yet;
 * - `unknown`: a screen this profile has never seen, so a hold and never a guess.
 */
export type ReadingKind = 'ready' | 'busy' | 'dialog' | 'starting' | 'unknown';

export interface ScreenReading {
  readonly kind: ReadingKind;
  readonly composer: Composer | null;
  /** The dialog's first lines, for people; empty when there is none. */
  readonly dialog: string;
  /** True when the CLI shows messages of its own queue (typed while busy and not yet submitted to the model). */
  readonly queued: boolean;
}

/** A dialog as a person would answer it by arrows and Enter. */
export interface Dialog {
  /** What it says above its choices, row by row, trimmed. */
  readonly lines: readonly string[];
  /** Top down. */
  readonly choices: readonly string[];
  /** Index of the choice that Enter would take. */
  readonly selected: number;
  /** Of lines and choices: the same as long as it asks the same. */
  readonly digest: string;
  /** Rows exactly as on the screen, the selected choice first, that tell this dialog from others. */
  readonly rows: readonly string[];
}

/** How step 1 types for this CLI. */
export interface TypingRules {
  readonly mode: 'type' | 'paste';
  /** Characters in one piece, or in one paste. */
  readonly chunk: number;
  /** Wait between pieces, milliseconds. */
  readonly gapMs: number;
  /** How long the CLI may take to draw what a key did, milliseconds; one that is busy with a long prompt draws nothing for so long. 2500 when absent. */
  readonly patienceMs?: number;
  /** tmux key name that submits. */
  readonly submitKey: string;
  /** tmux key names that empty the composer of one row of text; repeated until it is empty. */
  readonly clearKeys: readonly string[];
}

/** What an agent is launched with. Paths are absolute. */
export interface LaunchContext {
  readonly window: number;
  readonly name: string;
  /** Executable or its path; the person may have set another. */
  readonly command: string;
  /** The Node, or the Electron as one, that TACO itself runs on. */
  readonly nodeCommand?: string | undefined;
  readonly workspace: string;
  /** The environment it gets, before the profile's own part: where its HOME is, say. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** UUID of the conversation; empty for a new one of a CLI that names it itself. */
  readonly sessionId: string;
  /** True to continue that conversation, false to begin it. */
  readonly resume: boolean;
  /** Appended to the CLI's own system prompt. */
  readonly systemPrompt: string;
  readonly model?: string | undefined;
  readonly permissionMode?: string | undefined;
  /** Folder for this agent's files (hook settings); private to the user. */
  readonly stateDir: string;
  /** Argument array that runs `taco hook`, for the CLI's hook settings. */
  readonly hookCommand: readonly string[];
  /** Argument array that runs `taco mcp`; absent: the agent gets no tools of ours. */
  readonly mcpCommand?: readonly string[];
}

/** What to run. `env` is added to the pane's environment (never in argv: it may hold secrets). */
export interface LaunchSpec {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files to write before the launch, mode 0600. */
  readonly files: readonly { readonly path: string; readonly contents: string }[];
  /** Symbolic links to make before the launch, where nothing is yet. */
  readonly links?: readonly { readonly path: string; readonly target: string }[];
}

export interface AgentProfile {
  /** `claude`, `scripted`, … */
  readonly name: string;
  /** For people: "Claude Code". */
  readonly title: string;
  /** Executable when the person set none. */
  readonly defaultCommand: string;
  readonly typing: TypingRules;
  /** `hook`: the CLI itself reports each prompt, so `received` can be proven; `screen`: `delivered` is the most that can be. */
  readonly proof: 'hook' | 'screen';
  /** Words that stand on the screen whenever a dialog is open: tmux refuses keys while one of them shows. */
  readonly dialogHints?: readonly string[];
  /** Memory that one agent takes once it works, MB, measured; absent: unknown. */
  readonly memoryMb?: number;
  /** True when Enter while busy queues the text inside the CLI; false: hold `busy`. */
  readonly queuesWhileBusy: boolean;
  /** True when its screen looks idle while it reads no key: then its hooks say when it has started and when a turn is over (core/agents/hookBusyState.ts). */
  readonly busyByHooks?: boolean;
  /** True when the CLI names its conversations itself: the id is taken from its first hook, and a launch gets none. */
  readonly namesConversation?: boolean;
  /** Names of the variables by which a running session of this CLI marks the programs below it: an agent that was started there is none of them. Keys, addresses and options are not among them. */
  readonly sessionVariables?: readonly RegExp[];
  /** The folder that has, in one of its folders, a file `ID.jsonl` for each conversation that can be resumed; absent: unknown. */
  conversationsIn?(env: Readonly<Record<string, string | undefined>>): string;
  /** How to ask the CLI whether it is logged in, and whether its answer is a plain no; absent: it cannot be asked. */
  readonly login?: { readonly args: readonly string[]; readonly isNo: (output: string) => boolean };
  /** True when the pane's foreground process can be this CLI (tmux `pane_current_command`). */
  ownsProcess(command: string): boolean;
  launch(context: LaunchContext): LaunchSpec;
  readScreen(screen: TerminalScreen): ScreenReading;
  /** The choices of the dialog on the screen; absent: this CLI's dialogs are answered in its terminal only. */
  readDialog?(screen: TerminalScreen): Dialog | null;
  /** The exact characters to type so that the model gets `message` (cures a trailing backslash, a leading `!`, tabs …). */
  textToType(message: string): string;
  /** Whether the prompt the model got is the same text as `message` by the written rule (docs/same-text.md). */
  sameText(message: string, prompt: string): boolean;
}
