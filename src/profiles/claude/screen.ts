import type { TerminalScreen, ScreenLine, ScreenReading } from '../../core/agents/agentProfile';
import { findRuledInputBox, type RuledInputBox } from '../shared/ruledInputBox';

/**
 * A choice that Enter selects: `❯ 1. Yes`, `  ❯ No, exit`. A user's prompt in the transcript is `❯ text` at the margin.
 */
const SELECTED = /^(?: {1,4}❯ \S|❯ \d+\. )/;
/** Keys that the last lines of a dialog offer. */
const HINT =
  /\b(?:Enter|Esc|Escape|Tab|Space|ctrl ?\+ ?[a-z]|↑\/↓|←\/→) to (?:confirm|select|submit|cancel|continue|close|go back|exit|set|save|use|switch|clear|amend|dismiss|navigate|toggle|explain|skip|proceed|view|edit|return)\b/i;
/** Replaces the footer while Claude searches previous prompts. */
const SEARCHING = /^ *search(?:ing)? (?:prompts|history)/i;
/** Claude's own pager for the conversation. Enter does nothing there, but typed text would act as commands. */
const TRANSCRIPT = /Showing detailed transcript/;
/** `✻ Thinking…` at the margin. After the turn the line is `✻ Worked for 4s`, without dots. */
const SPINNER = /^[·✢✳✶✻✽*+] \S.*…/;
const INTERRUPT = /\besc to interrupt/i;
/** Marks messages in Claude's own queue: the placeholder of the input box, or the note under such a message. */
const QUEUED = /Press up to edit queued messages|⎿ +Queued · /;
/** A line of the menu that completes a `/command`, an `@path` or an `@agent`. */
const MENU_LINE = /^ *(?:❯ )?(?:\/[a-z][\w:-]*(?: |$)|[+*◇] \S)/i;
/** Maximum lines from the input box up to the line that shows work: tips, tasks and queued messages are in between. */
const WORK_LINES = 24;
/** Columns below which the footer wraps. */
const WRAPS_FOOTER = 80;
/** Begins the footer below an input box. No dialog has it: a dialog ends with its choices or with its keys. */
const FOOTER = /^ {2}(?:⏸|⏵⏵|-- [A-Z]+ --|\? for shortcuts|esc to interrupt)/;
/** Vim's mode, at the start of the footer. In NORMAL the footer shows none. */
const EDITOR_MODE = /^ {2}-- ([A-Z ]+) --/;
/** Permission mode in the footer: `  ⏸ plan mode on (shift+tab to cycle)`. Older versions show no `manual mode`. */
const PERMISSION_MODE =
  /^ {2}(?:⏸|⏵⏵) (manual mode|plan mode|auto mode|accept edits|don't ask|bypass permissions) on\b/;
/** The names in the footer as hooks report them. */
const MODE_NAMES: Readonly<Record<string, string>> = {
  'manual mode': 'default',
  'plan mode': 'plan',
  'auto mode': 'auto',
  'accept edits': 'acceptEdits',
  "don't ask": 'dontAsk',
  'bypass permissions': 'bypassPermissions',
};
/** The entry about a prompt that a hook of the user kept from the model. */
const BLOCKED = /^● UserPromptSubmit operation blocked by hook:/;
/** Characters of a hook's reason that are shown. */
const MAX_REASON = 200;
const SUSPENDED = /^Claude Code (?:is|has been) suspended/;
/** A horizontal line, or the upper edge of a dialog. */
const EDGE = /^\s*(?:─{8,}|▔{8,})/;

/** Texts of dialogs that Claude Code shows on no idle or busy screen. */
export const CLAUDE_DIALOG_HINTS: readonly string[] = [
  'Esc to cancel',
  'Enter to confirm',
  'Enter to select',
  'Do you want to proceed?',
];

/**
 * Parses a screen of Claude Code (2.1.x). An unknown screen is `unknown`. With a completion menu open the kind is
 * `dialog` and the composer is present as well: Enter would select the completion and not submit.
 */
export function readClaudeScreen(screen: TerminalScreen): ScreenReading {
  const found = findRuledInputBox(screen);
  if (found === null) return readWithoutComposer(screen);
  const below = screen.lines.slice(found.bottom + 1);
  const queued = screen.lines.some((line) => QUEUED.test(line.text));
  const footer = footerOf(below, screen.width);
  // Above Claude's own footer such rows are the user's status line.
  const hasStatusLine = found.focused && footer.some((line) => FOOTER.test(line.text));
  const asked = hasStatusLine ? footer : below;
  if (asked.some((line) => SELECTED.test(line.text) || SEARCHING.test(line.text)))
    return { kind: 'dialog', composer: null, dialog: excerpt(below), queued };
  // The cursor shows that keys go to a panel, not to the input box.
  if (!found.focused) return { kind: 'unknown', composer: null, dialog: '', queued };
  const menu = menuOf(screen, found);
  if (menu.length > 0) return { kind: 'dialog', composer: found.composer, dialog: excerpt(menu), queued };
  const mode = footer.map(({ text }) => EDITOR_MODE.exec(text)?.[1]).find((word) => word !== undefined);
  const permissionMode = MODE_NAMES[PERMISSION_MODE.exec(footer.at(0)?.text ?? '')?.[1] ?? ''];
  return {
    kind: isBusy(screen, found) ? 'busy' : 'ready',
    composer: found.composer,
    dialog: '',
    queued,
    ...(mode === undefined ? {} : { editor: mode === 'INSERT' ? 'insert' : 'command' }),
    ...(permissionMode === undefined ? {} : { permissionMode }),
  };
}

/**
 * Returns the reason of a hook that blocked the last prompt: the last entry of the transcript, directly above the input
 * box. Its lines are the hook's command and reason, then the prompt.
 */
export function blockedClaudePrompt(
  screen: TerminalScreen,
): { readonly reason: string; readonly prompt: string } | null {
  const found = findRuledInputBox(screen);
  const above = screen.lines.slice(0, Math.max(0, found?.top ?? 0)).map(({ text }) => text);
  const start = above.findLastIndex((text) => /^\S/.test(text));
  if (start < 0 || !BLOCKED.test(above[start] ?? '')) return null;
  const lines = above.slice(start + 1).map((text) => text.trim());
  const end = lines.findIndex((text) => text.startsWith('Original prompt:'));
  if (end < 0) return null;
  const reason = lines
    .slice(0, end)
    .join(' ')
    .replace(/^\[[^\]]*\]:/, '')
    .trim();
  const prompt = lines.slice(end).join(' ').replace('Original prompt:', '').trim();
  return { reason: reason.slice(0, MAX_REASON) || 'no reason given', prompt };
}

/** Returns whether Claude Code was suspended by Ctrl-Z; its pane has no shell that could continue it. */
export function isClaudeSuspended(screen: TerminalScreen): boolean {
  const last = screen.lines.findLast(({ text }) => text.trim() !== '')?.text ?? '';
  return (
    SUSPENDED.test(last) || (/^To undo typing/.test(last) && screen.lines.some(({ text }) => SUSPENDED.test(text)))
  );
}

function readWithoutComposer(screen: TerminalScreen): ScreenReading {
  const lines = screen.lines.filter((line) => line.text.trim() !== '');
  const nothing = { composer: null, dialog: '', queued: false };
  if (lines.length === 0) return { kind: 'starting', ...nothing };
  // A narrow pane wraps the hints, so they are joined to one text.
  const hints = lines
    .slice(-4)
    .map((line) => line.text.trim())
    .join(' ');
  const isDialog = lines.some((line) => SELECTED.test(line.text)) || HINT.test(hints) || TRANSCRIPT.test(hints);
  return isDialog ? { kind: 'dialog', ...nothing, dialog: excerpt(lines) } : { kind: 'unknown', ...nothing };
}

function isBusy(screen: TerminalScreen, found: RuledInputBox): boolean {
  if (found.greySign) return true;
  const footer = footerOf(screen.lines.slice(found.bottom + 1), screen.width);
  if (footer.some((line) => INTERRUPT.test(line.text))) return true;
  return screen.lines
    .slice(Math.max(0, found.top - WORK_LINES), Math.max(0, found.top))
    .some((line) => SPINNER.test(line.text));
}

/**
 * Returns Claude's own footer: the last row, or all rows of a pane that is so narrow that the footer wraps. The rows
 * before it are the user's status line, which may contain any text.
 */
function footerOf(below: readonly ScreenLine[], width: number): readonly ScreenLine[] {
  const rows = below.filter(({ text }) => text.trim() !== '');
  return width < WRAPS_FOOTER ? rows : rows.slice(-1);
}

/**
 * Returns the completion menu: directly below the input box (2.1.197) or above it (2.1.331), and only while the draft
 * contains a word that opens one.
 */
function menuOf(screen: TerminalScreen, found: RuledInputBox): readonly ScreenLine[] {
  if (!/(?:^|\s)[@/]\S*$|^\/|@/.test(found.composer.rows.join('\n'))) return [];
  const below = screen.lines[found.bottom + 1];
  if (below !== undefined && MENU_LINE.test(below.text)) return screen.lines.slice(found.bottom + 1);
  const above = screen.lines[found.top - 1];
  return above !== undefined && MENU_LINE.test(above.text)
    ? screen.lines.slice(Math.max(0, found.top - 5), found.top)
    : [];
}

/** Returns a dialog's first lines, for users: all below the lowest line that separates it from the transcript. */
function excerpt(lines: readonly ScreenLine[]): string {
  const edges = lines.flatMap((line, index) => (EDGE.test(line.text) ? [index] : []));
  // A dialog may contain lines; its edge is the one above the selected choice and its question.
  const selected = lines.findIndex((line) => SELECTED.test(line.text));
  const edge = edges.findLast((index) => selected < 0 || index < selected) ?? -1;
  return lines
    .slice(edge + 1)
    .map((line) => line.text.trim())
    .filter((text) => text !== '' && !/^[─▔╌]+$/.test(text))
    .slice(0, 3)
    .join(' · ');
}
