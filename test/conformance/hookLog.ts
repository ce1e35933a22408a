import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface HookEvent {
  /** When the hook began, milliseconds since the epoch. */
  readonly at: number;
  readonly event: string;
  readonly sessionId: string;
  readonly prompt: string;
}

const EVENTS = ['SessionStart', 'UserPromptSubmit', 'PermissionRequest', 'Stop'];

/** The judge's own ear: hooks in the scratch home's settings, beside and independent of those that TACO brings, for both senders alike. */
export class HookLog {
  private readonly folder: string;
  private readonly known = new Map<string, HookEvent>();

  constructor(dir: string) {
    this.folder = join(dir, 'hooks');
    mkdirSync(this.folder, { recursive: true });
  }

  /** Writes the settings that every CLI with this home reads. */
  install(home: string): void {
    mkdirSync(join(home, '.claude'), { recursive: true });
    const command = `f='${this.folder}'/$(date +%s%N)-$$; cat > "$f.part" && mv "$f.part" "$f"`;
    const hooks = Object.fromEntries(EVENTS.map((event) => [event, [{ hooks: [{ type: 'command', command, timeout: 20 }] }]]));
    writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify({ hooks }));
  }

  /** Every event so far, oldest first. */
  events(): readonly HookEvent[] {
    for (const name of readdirSync(this.folder)) {
      if (name.endsWith('.part') || this.known.has(name)) continue;
      const raw = JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as Record<string, unknown>;
      const text = (field: string): string => (typeof raw[field] === 'string' ? raw[field] : '');
      this.known.set(name, { at: Number(name.split('-')[0]) / 1e6, event: text('hook_event_name'), sessionId: text('session_id'), prompt: text('prompt') });
    }
    return [...this.known.values()].sort((a, b) => a.at - b.at);
  }
}
