/** The little of VS Code's API that a project's state needs, without a window. */
import { Emitter } from '../../src/core/base/disposable';

export class Disposable {
  constructor(private readonly work: () => void) {}
  dispose(): void {
    this.work();
  }
}

export class EventEmitter<T> {
  private readonly source = new Emitter<T>((error) => console.error(error));
  readonly event = this.source.event;
  fire(value: T): void {
    this.source.fire(value);
  }
  dispose(): void {
    this.source.dispose();
  }
}
