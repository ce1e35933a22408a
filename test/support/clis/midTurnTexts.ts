/** Claude Code's own words before a text that it gives to the model within a turn. */
const BEFORE = 'The user sent a new message while you were working:\n';
/** Its words after such a text, with whatever it adds behind: a reminder, a notification, the end of its tag. */
const AFTER =
  /(?:\n\n(?:IMPORTANT: After completing your current task|This is how Claude Code surfaces)|\n<\/system-reminder>)[^]*$/;

/**
 * Returns the user's texts that Claude Code gave to the model within a turn, from one text of a request. It gives them
 * as a system message, beside a tool's result or in it, alone or joined with reminders and notifications.
 */
export function midTurnTexts(text: string): readonly string[] {
  return text
    .split(BEFORE)
    .slice(1)
    .map((part) => part.replace(AFTER, ''));
}
