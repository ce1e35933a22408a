import { execFile } from 'node:child_process';
import { errors } from '../../core/errors/errors';
import { type Environment, sharedEnvironment } from '../../core/programs/environment';

/** Oldest tmux version with all features that TACO uses: client flags, pane options, subscriptions, `new-window -e`. */
export const OLDEST_TMUX = '3.2';

/**
 * Runs a tmux executable once and returns its standard output; errors contain its error output. Any call may start the
 * server, whose environment every later pane of any project can read.
 */
export function runTmux(tmuxCommand: string, args: readonly string[], env: Environment, cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      tmuxCommand,
      [...args],
      { env: sharedEnvironment(env), ...(cwd === undefined ? {} : { cwd }), encoding: 'utf8', timeout: 20_000 },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if ('code' in error && (error.code as unknown) === 'ENOENT') reject(errors.tmuxMissing(tmuxCommand));
        else
          reject(
            errors.tmuxFailed(
              args.find((arg) => /^[a-z]+-[a-z]+$/.test(arg)) ?? args.join(' '),
              stderr.trim() || error.message,
              error,
            ),
          );
      },
    );
  });
}

/** Returns the version, such as `3.3a`. Throws TacoError tmux-missing or tmux-too-old. */
export async function checkTmux(tmuxCommand: string, env: Environment): Promise<string> {
  const version = (await runTmux(tmuxCommand, ['-V'], env)).trim().replace(/^tmux /, '');
  // `next-3.8`, `master`: built from source, so newer than the oldest supported release.
  const release = /^(\d+)\.(\d+)/.exec(version);
  if (!release) return version;
  const [major, minor] = [Number(release[1]), Number(release[2])];
  if (major < 3 || (major === 3 && minor < 2)) throw errors.tmuxTooOld(version, OLDEST_TMUX);
  return version;
}
