/**
 * An agent CLI as the suite needs it. To try another one:
 * 1. `test/support/NAME.ts` installs it by `installed()` (npmPrograms.ts) into the cache and writes its scratch home.
 * 2. `test/conformance/clis/NAME.ts` fills `CliUnderTest` and is listed in `all.ts`; `npm run conformance -- --cli NAME [--case PART]` plays it.
 * 3. Its model: `openAiModel()` (responses and chat wire) or a `ModelStandIn` of its own. What the model says and does is `modelActs` of model.ts:
 *    the person's `go:permission TAG DELAY` asks for a command, by the tool that `shellTool` names.
 * 4. Hooks of the judge's own: `home()` installs `request.hooks.command(EVENT)` for `HOOK_EVENTS`, beside those that TACO's profile brings; each
 *    gets JSON with `session_id` and `prompt` (or `sessionId`), as the CLI writes it. A CLI without hooks has `hasHooks: false`, and
 *    what the model was given stands in for them.
 * 5. `person`: how a person reads its screen. Written apart from the profile's reader on purpose: one checks the other.
 * 6. `cases`: SHARED_CASES and the CLI's own dialogs, menus and modes (see claudeCases.ts, codexCases.ts).
 * A conversation's id comes from the agent's record, and must be what `turns(sessionId)` of the model knows it by.
 */
import type { Case } from '../case';
import type { HookLog } from '../hookLog';
import type { SenderKind } from '../types';

/** One call of the CLI to its model, of a turn of the agent's (not for the CLI's own ends: titles, summaries). */
export interface Turn {
  /** Everything the user said in the conversation that the call carries, oldest first, without the CLI's own context. */
  readonly said: readonly string[];
  /** Inputs, as JSON, of the tool calls in it that have an answer: the dialog about each is over. */
  readonly answered: readonly string[];
}

export interface ModelStandIn {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The turns of one conversation, oldest first. */
  turns(sessionId: string): readonly Turn[];
  close(): Promise<void>;
}

/** What a start-up dialog needs: the scratch home without the answer that a person gave once. */
export interface HomeOptions {
  readonly trusted: boolean;
  readonly keyApproved: boolean;
}
export const ANSWERED: HomeOptions = { trusted: true, keyApproved: true };

export interface HomeRequest extends HomeOptions {
  /** Folder to make. */
  readonly home: string;
  /** The folder that the agents work in. */
  readonly workspace: string;
  readonly modelUrl: string;
  readonly hooks: HookLog;
}

/** What stands in a composer: its text without prompt sign and indent, its first line on the screen and the line after its last. */
export interface SeenComposer {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** How a person reads the CLI's screen (lines without styles, blanks at the end cut off). */
export interface PersonsEye {
  /** The lowest composer on the screen; null when there is none. */
  composer(lines: readonly string[]): SeenComposer | null;
  /** Texts of a composer that nobody has typed into. */
  readonly empty: RegExp;
  isWorking(lines: readonly string[], composer: SeenComposer): boolean;
  /** A permission dialog with its first choice, which Enter takes; Escape refuses. */
  readonly choice: RegExp;
  /** Keys by their tmux names that empty a composer, pressed again and again. */
  readonly clearKeys: readonly string[];
  /** One Ctrl-C at an empty composer ends the CLI. */
  readonly leavesAtCtrlC?: boolean;
  /** Sentence at the prompt that ends the CLI; `/exit` when absent. */
  readonly leave?: string;
  /** Sentence that sums the conversation up; `/compact` when absent. */
  readonly compact?: string;
}

export interface CliUnderTest {
  /** Its profile in src/profiles/registry.ts, and `--cli NAME`. */
  readonly name: string;
  readonly title: string;
  readonly versions: readonly string[];
  /** Who types: TACO, and for comparison the bare three steps where `bareCommand` is known. */
  readonly senders: readonly SenderKind[];
  /** Path of the executable; installs it when it is missing. */
  install(version: string): Promise<string>;
  /** `scratch` is a folder for the commands that the model asks to run. */
  startModel(scratch: string): Promise<ModelStandIn>;
  /** Makes a scratch home and returns the whole environment of the CLI, PATH included. */
  home(request: HomeRequest): Promise<Record<string, string>>;
  /** False: no hook tells of prompts, and `delivered` is all that can be proven. */
  readonly hasHooks: boolean;
  /** The command line by which the bare sender starts it, to begin a conversation or to go on with it. */
  bareCommand?(executable: string, sessionId: string, resume: boolean): readonly string[];
  readonly person: PersonsEye;
  /** How many times longer than others it takes and may take; its screen looks idle meanwhile, so only its hooks tell when a turn is over. 1 when absent. */
  readonly slowness?: number;
  /** Why a case of this name can fail, where that is known; the report says it beside the miss. */
  readonly knownMisses?: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}
