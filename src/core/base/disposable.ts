/** Structural stand-ins for VS Code's types, so that the core needs no `vscode`. */
export interface DisposableLike {
  dispose(): void;
}

/** `event(listener)` subscribes; the result unsubscribes. */
export type EventLike<T> = (listener: (value: T) => void) => DisposableLike;

/** Collects disposables; what is added after disposal is disposed at once, so nothing can leak. */
export class DisposableStore implements DisposableLike {
  private readonly items = new Set<DisposableLike>();
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  add<T extends DisposableLike>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.add(item);
    return item;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of [...this.items].reverse()) item.dispose();
    this.items.clear();
  }
}

/** The smallest event source; a listener that throws is reported, never allowed to stop the others. */
export class Emitter<T> implements DisposableLike {
  private readonly listeners = new Set<(value: T) => void>();
  constructor(private readonly onListenerError: (error: unknown) => void = () => undefined) {}

  readonly event: EventLike<T> = (listener) => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
