/** Notifications of the operating system. Text is data: it is passed as an argument, and no program reads it as markup. */
import { execFile } from 'node:child_process';
import { oneLine } from '../../core/base/truncate';
import { findExecutable } from '../prerequisites/executables';

/** Time limit for the program, milliseconds. */
const SHOW_MS = 5000;
const TITLE_CHARACTERS = 80;
const TEXT_CHARACTERS = 300;

/** The title and the text are arguments of the script, never a part of it. */
const APPLE_SCRIPT = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];

interface NotificationCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Returns the program that shows a notification and its arguments; null on a system without one. Each text becomes one
 * line. The title begins with `TACO`, so that no program takes it for an option.
 */
export function notificationCommand(
  platform: NodeJS.Platform,
  title: string,
  text: string,
): NotificationCommand | null {
  const head = oneLine(`TACO: ${title}`, TITLE_CHARACTERS);
  const body = oneLine(text, TEXT_CHARACTERS);
  switch (platform) {
    case 'darwin':
      return { command: 'osascript', args: [...APPLE_SCRIPT.flatMap((line) => ['-e', line]), head, body] };
    case 'linux':
      return { command: 'notify-send', args: ['--app-name=TACO', '--', head, asPlainBody(body)] };
    default:
      return null;
  }
}

/** `notify-send` replaces backslash sequences in the body, and desktops read it as markup. */
function asPlainBody(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\\', '\\\\');
}

/** Shows notifications of the operating system; does nothing where no program can. */
export class SystemNotifier {
  constructor(
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly platform: NodeJS.Platform = process.platform,
  ) {}

  /** Returns whether the program exists now: the user may install it while TACO runs. */
  async isAvailable(): Promise<boolean> {
    return (await this.find('', '')) !== null;
  }

  /** Returns whether the program accepted the notification. Never throws. */
  async show(title: string, text: string): Promise<boolean> {
    const found = await this.find(title, text);
    if (found === null) return false;
    return new Promise((resolve) => {
      execFile(found.command, [...found.args], { env: { ...this.env }, timeout: SHOW_MS }, (error) =>
        resolve(error === null),
      );
    });
  }

  private async find(title: string, text: string): Promise<NotificationCommand | null> {
    const wanted = notificationCommand(this.platform, title, text);
    const command = wanted && (await findExecutable(wanted.command, this.env['PATH'] ?? ''));
    return wanted && command ? { command, args: wanted.args } : null;
  }
}
