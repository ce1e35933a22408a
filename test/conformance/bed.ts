import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { profileOf } from '../../src/profiles/registry';
import type { CliUnderTest, HomeOptions, ModelStandIn, Turn } from './clis/cli';
import { HookLog } from './hookLog';

/** One version of a real CLI with a model stood in for, and folders that both senders' agents share. */
export class Bed {
  private homes = 0;

  private constructor(
    readonly cli: CliUnderTest,
    readonly version: string,
    readonly executable: string,
    /** The bundle of the `taco` command that agents and their hooks run. */
    readonly taco: string,
    readonly dir: string,
    readonly hooks: HookLog,
    private readonly model: ModelStandIn,
  ) {}

  static async start(cli: CliUnderTest, version: string, taco = resolve('dist/taco.js')): Promise<Bed> {
    const executable = await cli.install(version);
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-conf-')));
    const scratch = join(dir, 'made');
    mkdirSync(scratch);
    return new Bed(cli, version, executable, taco, dir, new HookLog(dir), await cli.startModel(scratch));
  }

  /** Where the commands that the model asks for leave their marks. */
  get scratch(): string {
    return join(this.dir, 'made');
  }

  /** The environment of a CLI with a home of its own, which trusts the workspace or asks first. */
  async home(workspace: string, options: HomeOptions): Promise<Record<string, string>> {
    const home = join(this.dir, `home-${this.homes++}`);
    return this.cli.home({ ...options, home, workspace, modelUrl: this.model.url, hooks: this.hooks });
  }

  /** The written rule (docs/same-text.md) of this CLI. */
  isSame(sent: string, got: string): boolean {
    return profileOf(this.cli.name)?.sameText(sent, got) ?? false;
  }

  /** The turns of one conversation, oldest first. */
  turns(sessionId: string): readonly Turn[] {
    return this.model.turns(sessionId);
  }

  /**
   * What the model of one conversation has been given by its user, oldest first. Each call carries the whole conversation: what
   * one has more than the one before it is new. A call that is made again adds nothing, and compaction takes nothing back.
   */
  given(sessionId: string): string[] {
    let before: string[] = [];
    const given: string[] = [];
    for (const turn of this.turns(sessionId)) {
      const texts = [...turn.said];
      const old = [...before];
      for (const text of texts) {
        const at = old.indexOf(text);
        if (at >= 0) old.splice(at, 1);
        else given.push(text);
      }
      before = texts;
    }
    return given;
  }

  async dispose(): Promise<void> {
    await this.model.close();
    await rm(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
