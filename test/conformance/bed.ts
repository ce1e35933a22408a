import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { profileOf } from '../../src/profiles/registry';
import type { CliUnderTest, HomeOptions, ModelStandIn, Turn } from './clis/cli';
import { newTexts } from './conversation';
import { HookLog } from './hookLog';

/** One version of a real CLI with a mock model, and folders that the agents of both senders share. */
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
    private readonly features: boolean,
  ) {}

  static async start(
    cli: CliUnderTest,
    version: string,
    taco = resolve('dist/taco.js'),
    features = true,
  ): Promise<Bed> {
    const executable = await cli.install(version);
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-conf-')));
    const scratch = join(dir, 'made');
    mkdirSync(scratch);
    return new Bed(cli, version, executable, taco, dir, new HookLog(dir), await cli.startModel(scratch), features);
  }

  /** The version as the report names it. */
  get label(): string {
    return this.features || !this.cli.hasFeatureSwitch ? this.version : `${this.version}, features off`;
  }

  /** Folder for the files of the commands that the model requests. */
  get scratch(): string {
    return join(this.dir, 'made');
  }

  /** Returns the environment of a CLI with its own home, which trusts the workspace or asks first. */
  async home(workspace: string, options: HomeOptions): Promise<Record<string, string>> {
    const home = join(this.dir, `home-${this.homes++}`);
    return this.cli.home({
      ...options,
      home,
      workspace,
      modelUrl: this.model.url,
      hooks: this.hooks,
      features: this.features,
    });
  }

  /** Returns whether two texts are equal by this CLI's text-equality rule (docs/text-equality.md). */
  isSame(sent: string, got: string): boolean {
    return profileOf(this.cli.name)?.sameText(sent, got) ?? false;
  }

  /** Returns the turns of one conversation, oldest first. */
  turns(sessionId: string): readonly Turn[] {
    return this.model.turns(sessionId);
  }

  /**
   * Returns the user's texts that the model of one conversation got, oldest first. Each call contains the whole
   * conversation, so the difference to the call before is new. A repeated call adds nothing, and compaction removes
   * nothing.
   */
  given(sessionId: string): string[] {
    return newTexts(this.turns(sessionId).map(({ said }) => said));
  }

  async dispose(): Promise<void> {
    await this.model.close();
    await rm(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
