/** The hooks of a CLI that is tried out: each report is a file, and every prompt is kept from the model. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellQuote } from '../../profiles/shared/shellQuote';
import { systemClock } from '../systemClock';

const POLL_INTERVAL_MS = 100;

export class ProbeHooks {
  constructor(private readonly dir: string) {}

  /** Writes the hook's script and returns its path. */
  async install(): Promise<string> {
    const hook = join(this.dir, 'hook.sh');
    await mkdir(join(this.dir, 'said'), { mode: 0o700 });
    const answer = JSON.stringify({
      decision: 'block',
      reason: 'TACO tries this CLI out; nothing was sent to a model.',
    });
    // The rename makes the write atomic for readers.
    await writeFile(
      hook,
      `#!/bin/sh\nfile=$(mktemp ${shellQuote(join(this.dir, 'draft.XXXXXX'))}) && cat > "$file" && mv "$file" ${shellQuote(join(this.dir, 'said'))}/"$(date +%s)-$1-$$"\ncase "$1" in UserPromptSubmit | PromptCheck) printf '%s' ${shellQuote(answer)} ;; esac\nexit 0\n`,
      { mode: 0o700 },
    );
    return hook;
  }

  /** Waits for a report of this event; the start is not always reported. */
  async heard(event: string, limitMs: number): Promise<boolean> {
    for (const end = Date.now() + limitMs; ; await systemClock.sleep(POLL_INTERVAL_MS)) {
      const names = await readdir(join(this.dir, 'said'));
      if (names.some((name) => name.includes(`-${event}-`))) return true;
      if (Date.now() > end) return false;
    }
  }

  /** Returns the prompt reports of the CLI's hook so far, oldest first. */
  async prompts(): Promise<readonly string[]> {
    const said = join(this.dir, 'said');
    const names = (await readdir(said)).filter((name) => /-(?:UserPromptSubmit|PromptCheck)-/.test(name)).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(said, name), 'utf8')));
    return texts.flatMap((text) => {
      const value = JSON.parse(text) as { prompt?: unknown };
      return typeof value.prompt === 'string' ? [value.prompt] : [];
    });
  }
}
