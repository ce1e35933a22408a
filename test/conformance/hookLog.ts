import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface HookEvent {
  /** When the hook began, milliseconds since the epoch. */
  readonly at: number;
  readonly event: string;
  readonly sessionId: string;
  readonly prompt: string;
}

/** The hooks that the judge listens to, by the names that TACO's own hooks have. */
export const HOOK_EVENTS = ['SessionStart', 'UserPromptSubmit', 'PermissionRequest', 'Stop'] as const;

/** The judge's own ear: hooks in the scratch home, beside and independent of those that TACO brings, for both senders alike. */
export class HookLog {
  private readonly folder: string;
  private readonly known = new Map<string, HookEvent>();

  constructor(dir: string) {
    this.folder = join(dir, 'hooks');
    mkdirSync(this.folder, { recursive: true });
  }

  /** A shell command that keeps what the CLI writes to the hook of this event. */
  command(event: string): string {
    return `f='${this.folder}'/$(date +%s%N)-$$-${event}; cat > "$f.part" && mv "$f.part" "$f"`;
  }

  /** Every event so far, oldest first. */
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
