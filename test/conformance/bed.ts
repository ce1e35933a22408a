import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { claudeHome, ensureClaude, type ClaudeVersion } from '../support/claude';
import { startMessagesApi, type MessagesApi, type ModelRequest } from '../support/messagesApi';
import { userTexts } from './conversation';
import { HookLog } from './hookLog';
import { modelReply } from './model';

/** What a start-up dialog needs: the scratch home without the answer that a person gave once. */
export interface HomeOptions {
  readonly trusted: boolean;
  readonly keyApproved: boolean;
}
export const ANSWERED: HomeOptions = { trusted: true, keyApproved: true };

/** One version of the real CLI with a model stood in for, and folders that both senders' agents share. */
export class Bed {
  private homes = 0;

  private constructor(
    readonly version: ClaudeVersion,
    /** The CLI's executable. */
    readonly claude: string,
    /** The bundle of the `taco` command that agents and their hooks run. */
    readonly taco: string,
    readonly dir: string,
    readonly hooks: HookLog,
    readonly api: MessagesApi,
  ) {}

  static async start(version: ClaudeVersion, taco = resolve('dist/taco.js')): Promise<Bed> {
    const claude = await ensureClaude(version);
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-conf-')));
    const scratch = join(dir, 'made');
    mkdirSync(scratch);
    const api = await startMessagesApi({ reply: (request) => modelReply(request, scratch) });
    return new Bed(version, claude, taco, dir, new HookLog(dir), api);
  }

  /** Where the commands that the model asks for leave their marks. */
  get scratch(): string {
    return join(this.dir, 'made');
  }

  /** The environment of a CLI with a home of its own, which trusts the workspace or asks first. */
  async home(workspace: string, options: HomeOptions): Promise<Record<string, string>> {
    const home = join(this.dir, `home-${this.homes++}`);
    const env = await claudeHome({ home, workspaces: options.trusted ? [workspace] : [], baseUrl: this.api.url });
    this.hooks.install(home);
    if (!options.keyApproved) {
      const file = join(home, '.claude.json');
      const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...settings, customApiKeyResponses: { approved: [], rejected: [] } }));
    }
    return env;
  }

  /** The turns of one conversation, oldest first. */
  turns(sessionId: string): readonly ModelRequest[] {
    return this.api.requests.filter((request) => request.sessionId === sessionId && request.kind === 'turn');
  }

  /**
   * What the model of one conversation has been given by its user, oldest first. Each call carries the whole conversation: what
   * one has more than the one before it is new. A call that is made again adds nothing, and compaction takes nothing back.
   */
  given(sessionId: string): string[] {
    let before: string[] = [];
    const given: string[] = [];
    for (const turn of this.turns(sessionId)) {
      const texts = userTexts(turn);
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
    await this.api.close();
    await rm(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
