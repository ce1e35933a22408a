import { type FSWatcher, watch } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { DisposableLike } from '../../core/base/disposable';
import type { Evidence } from '../../core/proof/proof';
import { plainText } from '../git/outputTail';
import type { EvidenceStore } from './evidenceStore';

/** Bytes that one read of a log takes. */
const CHUNK_BYTES = 64 * 1024;

export interface CheckListener {
  /** New output as plain text with LF line ends. */
  readonly onOutput: (text: string) => void;
  /** A run has begun; its output follows. */
  readonly onBegin: () => void;
  /** The run has ended, after its last output. A later run is followed, too. */
  readonly onEnd: (evidence: Evidence) => void;
  readonly onError: (error: unknown) => void;
}

/** Follows the checks of one agent by their logs. Nothing is polled: the file system reports each change. */
export class CheckFollower implements DisposableLike {
  private watcher: FSWatcher | undefined;
  private ended = false;
  private reading: Promise<void> = Promise.resolve();
  private at = 0;
  private offset = 0;
  private over = false;
  private decoder = new StringDecoder('utf8');

  /** @param after start of the newest run that is not followed, milliseconds since the epoch */
  constructor(
    private readonly store: EvidenceStore,
    private readonly agent: string,
    private readonly after: number,
    private readonly listener: CheckListener,
  ) {}

  /** Begins with what is there already. Never throws. */
  async start(): Promise<void> {
    try {
      await mkdir(this.store.folderOf(this.agent), { recursive: true, mode: 0o700 });
      if (this.ended) return;
      this.watcher = watch(this.store.folderOf(this.agent), () => this.wake());
      this.watcher.on('error', this.listener.onError);
      this.wake();
    } catch (error) {
      this.listener.onError(error);
    }
  }

  dispose(): void {
    this.ended = true;
    this.watcher?.close();
  }

  private wake(): void {
    this.reading = this.reading.then(() => (this.ended ? undefined : this.read())).catch(this.listener.onError);
  }

  private async read(): Promise<void> {
    const newest = (await this.store.runs(this.agent))[0] ?? 0;
    if (newest > Math.max(this.at, this.after)) {
      this.at = newest;
      this.offset = 0;
      this.over = false;
      this.decoder = new StringDecoder('utf8');
      this.listener.onBegin();
    }
    if (this.at === 0 || this.over) return;
    // The evidence is written after the log: the log is whole when it is there.
    const evidence = await this.store.read(this.agent, this.at);
    await this.readLog();
    if (evidence === null || this.ended) return;
    this.over = true;
    this.listener.onEnd(evidence);
  }

  private async readLog(): Promise<void> {
    const file = await open(this.store.logOf(this.agent, this.at)).catch(() => null);
    if (file === null) return;
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, this.offset);
        if (bytesRead === 0 || this.ended) return;
        this.offset += bytesRead;
        const text = plainText(this.decoder.write(buffer.subarray(0, bytesRead)));
        if (text !== '') this.listener.onOutput(text);
      }
    } finally {
      await file.close();
    }
  }
}
