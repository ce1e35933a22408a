/**
 * Probes an agent CLI in a scratch pane: does TACO's typing work with this version, on this tmux? No model is called.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { endedHow } from '../../core/agents/activity';
import type { AgentProfile } from '../../core/agents/agentProfile';
import { errorMessage } from '../../core/errors/tacoError';
import { matchComposer } from '../../core/messages/inputBoxMatch';
import { commandText } from '../../core/programs/commandLine';
import { userEnvironment } from '../../core/programs/environment';
import { SESSION_VARIABLES } from '../../profiles/registry';
import { ComposerTyping, type PaneObservation, type TypingJob } from '../../tmux/delivery/composerTyping';
import { TmuxSession } from '../../tmux/session/tmuxSession';
import { writeLaunchScript } from '../processes/launchScript';
import { systemClock } from '../systemClock';
import { ProbeHooks } from './probeHooks';
import type { ProgramCommand } from './programCommand';

/** `ok`; else the failure, or the reason why the step was skipped. */
export interface ProbeStep {
  readonly step: 'start' | 'typing' | 'escape' | 'newline' | 'submit' | 'hooks' | 'long';
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
}

export interface ProbeOptions {
  readonly profile: AgentProfile;
  /** Executable and what the user wrote behind it. */
  readonly command: ProgramCommand;
  /** Folder in which the CLI starts; the user trusts it. */
  readonly cwd: string;
  readonly tmuxCommand: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** CLIs whose hook can withhold a prompt from the model: a submitted text costs nothing. */
const REFUSES: readonly string[] = ['claude', 'scripted'];
const START_MS = 45_000;
/** A dialog that is open for this long at the start is for the user, milliseconds. */
const DIALOG_MS = 4000;
const HOOK_MS = 10_000;
const POLL_INTERVAL_MS = 100;
const CLEAR_ROUNDS = 10;
const CALM_MS = 600;
/** As many as a delivery has. */
const TYPING_ATTEMPTS = 3;
const EPOCH = 1;
const WINDOW = 2;
const SHORT = 'probe: typed; by TACO -- Enter C-c "quotes" \\ end.';
const LINES = 'probe: first line\nsecond line, with ünïcode and 漢字.';
const LONG = `probe: ${'0123456789 abcdefghijklmnopqrstuvwxyz, '.repeat(120)}end.`;

/** Returns every step that was reached, in order; the first failure is the last step. Leaves nothing behind. */
export async function probeCli(options: ProbeOptions): Promise<readonly ProbeStep[]> {
  const dir = await mkdtemp(join(tmpdir(), 'taco-probe-'));
  const server = {
    tmuxCommand: options.tmuxCommand,
    socket: `taco-probe-${process.pid}-${options.profile.name}`,
    configFile: join(dir, 'tmux.conf'),
    env: options.env,
  };
  let session: TmuxSession | undefined;
  try {
    session = await TmuxSession.create(server, 'probe', options.cwd, 'probe');
    await session.setEpoch(EPOCH);
    return await new Probe(options, session, dir).run();
  } catch (error) {
    return [{ step: 'start', outcome: 'failed', detail: errorMessage(error) }];
  } finally {
    await session?.kill();
    await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

class Probe {
  private readonly steps: ProbeStep[] = [];
  private readonly typing: ComposerTyping;
  private readonly hooks: ProbeHooks;
  private pane = '';

  constructor(
    private readonly options: ProbeOptions,
    private readonly session: TmuxSession,
    private readonly dir: string,
  ) {
    this.typing = new ComposerTyping(session.panes, systemClock);
    this.hooks = new ProbeHooks(dir);
  }

  async run(): Promise<readonly ProbeStep[]> {
    const { profile } = this.options;
    this.pane = await this.launch();
    if (!(await this.ready())) return this.steps;
    if (!(await this.typed('typing', SHORT)) || !(await this.escaped()) || !(await this.clear())) return this.steps;
    if (!(await this.typed('newline', LINES))) return this.steps;
    const early = await this.hooks.prompts();
    if (early.length > 0) return this.end('newline', 'a new line was submitted');
    if (!REFUSES.includes(profile.name)) return this.withoutTurn();
    if (!(await this.submitted('submit', LINES, 1))) return this.steps;
    const reported = await this.hooks.prompts();
    this.steps.push({
      step: 'hooks',
      outcome: 'ok',
      detail: `its hook reported the exact text and kept it from the model (${reported.length})`,
    });
    if (!(await this.clear()) || !(await this.typed('long', LONG, false))) return this.steps;
    await this.submitted('long', LONG, 2);
    return this.steps;
  }

  /** Ends the probe of a CLI whose prompts cannot be submitted without a turn of its model. */
  private async withoutTurn(): Promise<readonly ProbeStep[]> {
    const skipped = 'no hook of this CLI keeps a prompt from its model, so it would cost a turn';
    this.steps.push({ step: 'submit', outcome: 'skipped', detail: skipped });
    const started = await this.hooks.heard('SessionStart', HOOK_MS);
    if (started) this.steps.push({ step: 'hooks', outcome: 'ok', detail: 'its hook reported the start' });
    else if (this.options.profile.reportsStart)
      this.no('hooks', `no hook reported its start within ${HOOK_MS / 1000} s`);
    else
      this.steps.push({
        step: 'hooks',
        outcome: 'skipped',
        detail: 'its hooks report nothing before the first prompt',
      });
    this.steps.push({ step: 'long', outcome: 'skipped', detail: skipped });
    return this.steps;
  }

  /** Presses Escape at a draft: the CLI must neither submit it nor end, and its input box must still be recognised. */
  private async escaped(): Promise<boolean> {
    const job = this.job(SHORT);
    const before = await this.typing.see(job);
    if (!before) return this.no('escape', 'its pane is gone');
    if ((await this.session.panes.press(this.pane, ['Escape'], this.typing.fence(job, before))) !== 'done')
      return this.no('escape', 'the screen changed before Escape');
    await systemClock.sleep(CALM_MS);
    for (const end = Date.now() + HOOK_MS; ; await systemClock.sleep(POLL_INTERVAL_MS)) {
      const now = await this.see('');
      if (!now || now.state.dead) return this.no('escape', 'Escape ended it');
      if (now.reading.kind === 'ready' && now.reading.composer) break;
      if (Date.now() > end) return this.no('escape', `after Escape its screen reads as ${now.reading.kind}`);
    }
    if ((await this.hooks.prompts()).length > 0) return this.no('escape', 'Escape submitted the text');
    this.steps.push({ step: 'escape', outcome: 'ok', detail: 'its composer is there after Escape' });
    return true;
  }

  private async launch(): Promise<string> {
    const { profile, command, cwd, env } = this.options;
    const hook = await this.hooks.install();
    const stateDir = join(this.dir, 'state');
    await mkdir(stateDir, { mode: 0o700 });
    const launch = profile.launch({
      window: WINDOW,
      name: 'probe',
      command: command.command,
      workspace: cwd,
      env,
      sessionId: profile.namesConversation ? '' : randomUUID(),
      resume: false,
      systemPrompt: 'You are being tried out.',
      stateDir,
      hookCommand: [hook],
    });
    for (const { path, contents } of launch.files) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, contents, { mode: 0o600 });
    }
    for (const { path, target } of launch.links ?? []) await symlink(target, path).catch(() => undefined);
    const argv = await writeLaunchScript(join(this.dir, 'launch.sh'), {
      argv: [...launch.argv.slice(0, 1), ...command.args, ...launch.argv.slice(1)],
      cwd,
      env: {
        ...userEnvironment(env, SESSION_VARIABLES),
        ...launch.env,
        PATH: `${dirname(process.execPath)}${delimiter}${env['PATH'] ?? ''}`,
      },
    });
    return this.session.newWindow(WINDOW, 'probe', { argv });
  }

  private async ready(): Promise<boolean> {
    const end = Date.now() + START_MS;
    let dialogSince = 0;
    for (;;) {
      const sight = await this.see('');
      if (!sight || sight.state.dead) return this.no('start', `it ended: ${await this.lastWords()}`);
      if (sight.reading.kind === 'ready' && sight.reading.composer?.empty)
        return this.steps.push({ step: 'start', outcome: 'ok', detail: 'its composer is there' }) > 0;
      dialogSince = sight.reading.kind === 'dialog' ? dialogSince || Date.now() : 0;
      if (dialogSince > 0 && Date.now() - dialogSince > DIALOG_MS)
        return this.no(
          'start',
          `it asks something first: ${sight.reading.dialog.split('\n')[0] ?? ''}. Answer it once: run ${commandText([this.options.command.command, ...this.options.command.args])} in ${this.options.cwd}`,
        );
      if (Date.now() > end)
        return this.no(
          'start',
          `no composer was seen within ${START_MS / 1000} s (its screen reads as ${sight.reading.kind})`,
        );
      await systemClock.sleep(POLL_INTERVAL_MS);
    }
  }

  /** Returns a dead process's exit status and last output. */
  private async lastWords(): Promise<string> {
    const pane = await this.session.panes.waitForExitStatus(this.pane);
    const printed =
      pane?.screen.lines.map(({ text }) => text).filter((text) => text !== '' && !text.startsWith('Pane is dead')) ??
      [];
    return [...(pane?.deadStatus ? [endedHow(pane.deadStatus)] : []), ...printed.slice(-3)].join(' | ');
  }

  /** Types as a delivery does: a text that a loaded machine damaged is removed and typed again. */
  private async typed(step: ProbeStep['step'], text: string, reported = true): Promise<boolean> {
    const job = this.job(text);
    let last = '';
    for (let attempt = 0; attempt < TYPING_ATTEMPTS; attempt++) {
      if (attempt > 0 && !(await this.clear())) return false;
      const sight = await this.typing.see(job);
      if (!sight) return this.no(step, 'its pane is gone');
      const result = await this.typing.type(job, sight);
      const composer = (await this.typing.see(job))?.reading.composer;
      const match = composer ? matchComposer(composer, job.text) : 'none';
      last = `${result.kind}, ${match}`;
      if (result.kind !== 'typed' || (match !== 'exact' && match !== 'tail')) continue;
      if (reported)
        this.steps.push({
          step,
          outcome: 'ok',
          detail: `${text.length} characters stood in the composer as they were typed`,
        });
      return true;
    }
    return this.no(step, `the composer did not hold the text (${last})`);
  }

  private async submitted(step: ProbeStep['step'], text: string, count: number): Promise<boolean> {
    const { profile } = this.options;
    const job = this.job(text);
    const sight = await this.typing.see(job);
    if (!sight) return this.no(step, 'its pane is gone');
    const pressed = await this.session.panes.enter(
      this.pane,
      profile.typing.submitKey,
      job.mark,
      this.typing.fence(job, sight),
    );
    if (pressed !== 'done') return this.no(step, 'the screen changed before the submit key');
    const end = Date.now() + HOOK_MS;
    let prompts = await this.hooks.prompts();
    for (; prompts.length < count && Date.now() < end; prompts = await this.hooks.prompts())
      await systemClock.sleep(POLL_INTERVAL_MS);
    if (prompts.length < count)
      return this.no(step, `no hook reported the text within ${HOOK_MS / 1000} s of ${profile.typing.submitKey}`);
    if (!prompts.some((prompt) => profile.sameText(job.text, prompt))) {
      return this.no(
        step,
        /pasted_content|Pasted text/.test(prompts.join(' '))
          ? 'it took the typing for a paste and wrapped it'
          : 'the hook reported another text',
      );
    }
    this.steps.push({
      step,
      outcome: 'ok',
      detail: `${profile.typing.submitKey} submitted exactly the ${text.length} characters`,
    });
    return true;
  }

  /** Waits until the input box is empty on two checks: some versions put a refused text back a moment later. */
  private async clear(): Promise<boolean> {
    let cleared = '';
    for (let round = 0, calm = 0; round < CLEAR_ROUNDS; round++) {
      await systemClock.sleep(CALM_MS);
      calm = (await this.see(''))?.reading.composer?.empty ? calm + 1 : 0;
      if (calm === 2) return true;
      if (calm === 0) cleared = await this.typing.clear(this.job(''), () => true);
    }
    return this.no(
      'typing',
      `the composer could not be emptied with ${this.options.profile.typing.clearKeys.join(' ')} (${cleared})`,
    );
  }

  private see(text: string): Promise<PaneObservation | null> {
    return this.typing.see(this.job(text));
  }

  private job(text: string): TypingJob {
    const { profile } = this.options;
    return {
      id: 'probe',
      mark: 'probe',
      pane: this.pane,
      profile,
      text: text === '' ? '' : profile.textToType(text),
      epoch: EPOCH,
    };
  }

  private end(step: ProbeStep['step'], detail: string): readonly ProbeStep[] {
    this.no(step, detail);
    return this.steps;
  }

  private no(step: ProbeStep['step'], detail: string): false {
    this.steps.push({ step, outcome: 'failed', detail });
    return false;
  }
}
