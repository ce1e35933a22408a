declare module '*/scripted-terminal.mjs' {
  /** See media/scripted-terminal.mjs. */
  export class Terminal {
    constructor(
      input: NodeJS.ReadStream,
      output: NodeJS.WriteStream,
      on: { submit(text: string): void; interrupt(): void; exit(): void },
    );
    print(...lines: string[]): void;
    start(): void;
  }
}
