/**
 * An agent CLI as the suite needs it. To try another one:
 * 1. `test/support/NAME.ts` installs it by `installed()` (npmPrograms.ts) into the cache and writes its scratch home.
 * 2. `test/conformance/clis/NAME.ts` fills `CliUnderTest` and is listed in `all.ts`. `npm run conformance -- --cli NAME
 * [--case PART]` plays it.
 * 3. Its model: `openAiModel()` (responses and chat wire) or its own `ModelStandIn`. `modelActs` of model.ts defines
 * the model's texts and actions: the user's `go:permission TAG DELAY` requests a command, by the tool that `shellTool`
 * names.
 * 4. The judge's own hooks: `home()` installs `request.hooks.command(EVENT)` for `HOOK_EVENTS`, beside those of TACO's
 * profile. Each gets JSON with `session_id` and `prompt` (or `sessionId`), as the CLI writes it. A CLI without hooks
 * has `hasHooks: false`, and the calls to the model replace them.
 * 5. `user`: how a user reads its screen. It is separate from the profile's reader on purpose: one checks the other.
 * 6. `cases`: SHARED_CASES and the CLI's own dialogs, menus and modes (see claudeCases.ts, codexCases.ts).
 *
 * A conversation's id comes from the agent's record, and must be the `sessionId` of the model's `turns(sessionId)`.
 */
import type { Case } from '../case';
import type { HookLog } from '../hookLog';
import type { SenderKind } from '../types';

/** One call of the CLI to its model in a turn of the agent, not an internal call (title, summary). */
export interface Turn {
  /** All texts of the user in the call's conversation, oldest first, without the CLI's own context. */
  readonly said: readonly string[];
  /** Inputs, as JSON, of its tool calls that have an answer: the dialog about each has ended. */
  readonly answered: readonly string[];
}

export interface ModelStandIn {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The turns of one conversation, oldest first. */
  turns(sessionId: string): readonly Turn[];
  close(): Promise<void>;
}

/** Options for a start-up dialog: the scratch home without the answer that a user gave once. */
export interface HomeOptions {
  readonly trusted: boolean;
  readonly keyApproved: boolean;
}
export const ANSWERED: HomeOptions = { trusted: true, keyApproved: true };

export interface HomeRequest extends HomeOptions {
  /** Folder to create. */
  readonly home: string;
  /** The folder that the agents work in. */
  readonly workspace: string;
  readonly modelUrl: string;
  readonly hooks: HookLog;
  /** False: optional network features of the CLI are off. */
  readonly features: boolean;
}

/**
 * The content of a composer: its text without prompt character and indent, its first line on the screen, and the line
 * after its last.
 */
export interface SeenComposer {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** How a user reads the CLI's screen (lines without styles or trailing spaces). */
export interface UserView {
  /** Returns the lowest composer on the screen; null when there is none. */
  composer(lines: readonly string[]): SeenComposer | null;
  /** Texts of an empty composer. */
  readonly empty: RegExp;
  isWorking(lines: readonly string[], composer: SeenComposer): boolean;
  /** A permission dialog with its first choice, which Enter selects; Escape refuses. */
  readonly choice: RegExp;
  /** Keys by their tmux names that empty a composer when pressed repeatedly. */
  readonly clearKeys: readonly string[];
  /** One Ctrl-C at an empty composer ends the CLI. */
  readonly leavesAtCtrlC?: boolean;
  /** Text that ends the CLI at its prompt; `/exit` when absent. */
  readonly leave?: string;
  /** Text that compacts the conversation; `/compact` when absent. */
  readonly compact?: string;
}

export interface CliUnderTest {
  /** Its profile in src/profiles/registry.ts, and `--cli NAME`. */
  readonly name: string;
  readonly title: string;
  /** The package of npm whose versions `--version latest` and `--random` mean. */
  readonly npmPackage: string;
  /** True when its home has a switch for the features that users have; `--features off` then plays it without them. */
  readonly hasFeatureSwitch?: true;
  readonly versions: readonly string[];
  /** The senders: TACO, and for comparison the bare three steps where `bareCommand` is known. */
  readonly senders: readonly SenderKind[];
  /** Returns the path of the executable; installs it when it is missing. */
  install(version: string): Promise<string>;
  /** Starts the mock model. `scratch` is a folder for the commands that the model requests. */
  startModel(scratch: string): Promise<ModelStandIn>;
  /** Creates a scratch home and returns the whole environment of the CLI, PATH included. */
  home(request: HomeRequest): Promise<Record<string, string>>;
  /** False: no hook reports prompts, and only `delivered` can be proven. */
  readonly hasHooks: boolean;
  /** Returns the command line by which the bare sender starts the CLI, with a new conversation or an existing one. */
  bareCommand?(executable: string, sessionId: string, resume: boolean): readonly string[];
  readonly user: UserView;
  /**
   * Factor on the time that it takes and may take, compared with other CLIs; 1 when absent. Its screen looks idle
   * meanwhile, so only its hooks report the end of a turn.
   */
  readonly slowness?: number;
  /** Known reasons why a case of this name can fail; the report prints them beside the failure. */
  readonly knownMisses?: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}
