import { isOwner } from '../client/identity';
import { command } from '../client/quote';
import { runTmux } from '../client/runTmux';

export interface CaptureScreensOptions {
  readonly tmuxCommand: string;
  /** Full path of the server's socket. */
  readonly socketPath: string;
  readonly identity: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PANE = /^%\d+$/;
const MARK = 'taco-pane-';

/**
 * Returns the lines of each pane's screen up to its last text, with their colours as escape sequences; a colour holds over
 * the line's end. One tmux process captures all panes. A pane that is gone or is not the team's is left out.
 */
export async function captureScreens(
  { tmuxCommand, socketPath, identity, env }: CaptureScreensOptions,
  panes: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = panes.filter((pane) => PANE.test(pane));
  const found = new Map<string, readonly string[]>();
  if (wanted.length === 0 || identity === '') return found;
  // A pane that is gone would end the list with an error: then each pane is captured alone.
  const run = (some: readonly string[]): Promise<string> =>
    runTmux(
      tmuxCommand,
      [
        '-u',
        '-S',
        socketPath,
        ...some.flatMap((pane, index) => [...(index > 0 ? [';'] : []), ...capture(pane, identity)]),
      ],
      env,
    );
  const outputs = await run(wanted).then(
    (output) => [output],
    () => Promise.all(wanted.map((pane) => run([pane]).catch(() => ''))),
  );
  for (const part of outputs.join('').split(MARK).slice(1)) {
    const [pane = '', ...rows] = part.split('\n');
    while (
      rows.length > 0 &&
      rows
        .at(-1)
        ?.replace(/\u001b\[[\d;]*m/g, '')
        .trim() === ''
    )
      rows.pop();
    found.set(pane, rows);
  }
  return found;
}

function capture(pane: string, identity: string): readonly string[] {
  const show = `${command('display-message', '-p', `${MARK}${pane}`)} ; ${command('capture-pane', '-p', '-e', '-t', pane)}`;
  return ['if-shell', '-F', '-t', pane, isOwner(identity), show];
}
