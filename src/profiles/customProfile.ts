import * as z from 'zod';
import type { AgentProfile, Composer, TerminalScreen, ScreenReading } from '../core/agents/agentProfile';
import { cleanText, isSameText } from '../core/base/sanitizeText';
import { errors } from '../core/errors/errors';
import { errorMessage } from '../core/errors/tacoError';
import { isFaint } from './shared/ruledInputBox';

const pattern = z.string().min(1).max(500);

/**
 * The settings with which a user describes a CLI that TACO does not know. Patterns are regular expressions, tested on
 * each screen line.
 */
const customProfileSettingsSchema = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .describe('the name that plans and settings use: small letters, digits and -'),
  title: z.string().min(1).optional().describe('its name for people'),
  command: z.string().min(1).describe('the executable'),
  arguments: z.array(z.string()).default([]).describe('what it is started with'),
  process: pattern.describe('what tmux calls its process (pane_current_command)'),
  composer: pattern.describe('the line that the composer stands on; what follows the match is the draft'),
  busy: pattern.describe('a line that stands on the screen while it works'),
  dialog: pattern.describe('a line that stands on the screen while an Enter would answer something'),
  typing: z.enum(['type', 'paste']).default('type').describe('how text is put into the composer'),
  queuesWhileBusy: z.boolean().default(false).describe('whether it takes a prompt while it works, and reads it next'),
  submitKey: z.string().min(1).default('Enter').describe('tmux key that submits'),
  clearKey: z.string().min(1).default('C-u').describe('tmux key that empties a row of the composer'),
});

/** Returns the JSON schema of one profile, for the settings editor. */
export function profileJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(customProfileSettingsSchema, { io: 'input' }) as Record<
    string,
    unknown
  >;
  void $schema; // this schema is part of another one, so it must not name a schema
  return schema;
}

/**
 * Creates a profile from settings. It has no hooks, so it proves at most `delivered`. Throws TacoError usage when the
 * settings have a wrong shape or a pattern is not a regular expression.
 */
export function customProfile(input: unknown): AgentProfile {
  const parsed = customProfileSettingsSchema.safeParse(input);
  if (!parsed.success)
    throw errors.usage(
      `The agent profile in the settings is not valid: ${z.prettifyError(parsed.error)}`,
      'The members are listed in src/profiles/customProfile.ts.',
    );
  const settings = parsed.data;
  const patterns = {
    process: compile(settings.process),
    composer: compile(settings.composer),
    busy: compile(settings.busy),
    dialog: compile(settings.dialog),
  };
  return {
    name: settings.name,
    title: settings.title ?? settings.name,
    defaultCommand: settings.command,
    // A paste is sent whole; typed pieces stay shorter than the text that CLIs treat as a paste.
    typing: {
      mode: settings.typing,
      chunk: settings.typing === 'paste' ? Infinity : 240,
      gapMs: 15,
      submitKey: settings.submitKey,
      clearKeys: [settings.clearKey],
    },
    proof: 'screen',
    queuesWhileBusy: settings.queuesWhileBusy,
    ownsProcess: (command) => patterns.process.test(command),
    launch: (context) => ({ argv: [context.command, ...settings.arguments], env: {}, files: [] }),
    readScreen: (screen) => read(screen, patterns),
    textToType: (message) => `${cleanText(message).trimEnd()} `,
    sameText: isSameText,
  };
}

/** Parses a JSON list of profiles. Throws TacoError usage as `customProfile` does, and for duplicate names. */
export function customProfiles(json: string): readonly AgentProfile[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch (error) {
    throw errors.usage(
      `The agent profiles are no JSON: ${errorMessage(error)}`,
      'Write a list: [{ "name": …, "command": … }].',
    );
  }
  return profilesOf(list);
}

/** Does the same as `customProfiles` for a list that is already parsed. */
export function profilesOf(list: unknown): readonly AgentProfile[] {
  if (!Array.isArray(list))
    throw errors.usage('The agent profiles are no list.', 'Write a list: [{ "name": …, "command": … }].');
  const profiles = list.map(customProfile);
  const duplicate = profiles.find(({ name }, index) => profiles.findIndex((other) => other.name === name) !== index);
  if (duplicate) throw errors.usage(`Two agent profiles are called ${duplicate.name}.`, 'Give each a name of its own.');
  return profiles;
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw errors.usage(
      `The pattern ${source} in the agent profile is no regular expression: ${errorMessage(error)}`,
      'Correct it in the settings.',
    );
  }
}

function read(
  screen: TerminalScreen,
  patterns: { readonly composer: RegExp; readonly busy: RegExp; readonly dialog: RegExp },
): ScreenReading {
  const lines = screen.lines.map((line) => line.text);
  const nothing = { composer: null, dialog: '', queued: false };
  if (lines.every((line) => line.trim() === '')) return { kind: 'starting', ...nothing };
  const asked = lines.find((line) => patterns.dialog.test(line));
  if (asked !== undefined) return { kind: 'dialog', ...nothing, dialog: asked.trim() };
  const composer = composerOf(screen, patterns.composer);
  // The cursor must be in the input box, because a line of the transcript may look like one.
  if (composer === null) return { kind: 'unknown', ...nothing };
  return {
    kind: lines.some((line) => patterns.busy.test(line)) ? 'busy' : 'ready',
    composer,
    dialog: '',
    queued: false,
  };
}

/** Returns the rows from the input box's first line down to the cursor's: one, or as many as the draft has. */
function composerOf(screen: TerminalScreen, pattern: RegExp): Composer | null {
  const { y } = screen.cursor;
  for (let top = y; top >= 0; top--) {
    const line = screen.lines[top];
    const shown = line?.runs.map((run) => run.text).join('') ?? '';
    // tmux removes trailing spaces, and an empty input box often ends in one.
    const match = pattern.exec(shown) ?? pattern.exec(`${shown} `);
    if (!line || !match) continue;
    const from = match.index + match[0].length;
    let at = 0;
    const first = line.runs
      .map((run) => {
        const text = run.text.slice(Math.max(0, from - at));
        at += run.text.length;
        return isFaint(run) ? '' : text;
      })
      .join('')
      .trimEnd();
    const rows = [first, ...screen.lines.slice(top + 1, y + 1).map(({ text }) => text.trim())];
    const text = rows.join('\n').trimEnd();
    return { text, empty: text === '', whole: true, rows, columns: Math.max(1, screen.width - from) };
  }
  return null;
}
