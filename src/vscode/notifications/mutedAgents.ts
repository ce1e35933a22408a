import * as vscode from 'vscode';

const KEY = 'taco.mutedAgents';

/** Agents whose notifications the user muted, by name, for this workspace; badge and status bar still show them. */
export class MutedAgents implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  has(name: string): boolean {
    return this.names.includes(name);
  }

  async set(name: string, muted: boolean): Promise<void> {
    await this.memory.update(KEY, [...this.names.filter((each) => each !== name), ...(muted ? [name] : [])]);
    this.changed.fire();
  }

  get names(): readonly string[] {
    return this.memory.get<readonly string[]>(KEY, []);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
