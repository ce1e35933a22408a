import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface HookEvent {
  /** Start time of the hook, milliseconds since the epoch. */
  readonly at: number;
  readonly event: string;
  readonly sessionId: string;
  readonly prompt: string;
}

/** The events of the judge's hooks, by the names of TACO's own hooks. */
export const HOOK_EVENTS = ['SessionStart', 'UserPromptSubmit', 'PermissionRequest', 'Stop'] as const;

/** The judge's own hooks in the scratch home, independent of TACO's and the same for both senders. */
export class HookLog {
  private readonly folder: string;
  private readonly known = new Map<string, HookEvent>();

  constructor(dir: string) {
    this.folder = join(dir, 'hooks');
    mkdirSync(this.folder, { recursive: true });
  }

  /** Returns a shell command that records the CLI's input to the hook of this event. */
  command(event: string): string {
    return `f='${this.folder}'/$(date +%s%N)-$$-${event}; cat > "$f.part" && mv "$f.part" "$f"`;
  }

  /** Returns every event so far, oldest first. */
  events(): readonly HookEvent[] {
    for (const name of readdirSync(this.folder)) {
      if (name.endsWith('.part') || this.known.has(name)) continue;
      const raw = JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as Record<string, unknown>;
      const text = (...fields: string[]): string =>
        fields.map((field) => raw[field]).find((value) => typeof value === 'string') ?? '';
      const [at, , event = ''] = name.split('-');
      this.known.set(name, {
        at: Number(at) / 1e6,
        event,
        sessionId: text('session_id', 'sessionId'),
        prompt: text('prompt'),
      });
    }
    return [...this.known.values()].sort((a, b) => a.at - b.at);
  }
}
