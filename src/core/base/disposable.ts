/** Structural equivalents of VS Code's types, so that the core does not need `vscode`. */
export interface DisposableLike {
  dispose(): void;
}

/** `event(listener)` subscribes; disposing the result unsubscribes. */
export type EventLike<T> = (listener: (value: T) => void) => DisposableLike;

/** Collects disposables. An item that is added after disposal is disposed at once, so nothing leaks. */
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

  addAll(...items: readonly DisposableLike[]): void {
    for (const item of items) this.add(item);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of [...this.items].reverse()) item.dispose();
    this.items.clear();
  }
}

/** Minimal event source. A listener that throws is reported and does not stop the others. */
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
