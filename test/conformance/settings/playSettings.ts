/**
 * Plays one combination of a user's settings with the real Claude Code: a first message, a message, a permission with a
 * message behind its dialog, one Escape, one relaunch.
 */
import { join } from 'node:path';
import { isTacoError } from '../../../src/core/errors/tacoError';
import type { InputRequest } from '../../../src/core/requests/inputRequest';
import type { AgentView, Snapshot } from '../../../src/core/team/snapshot';
import type { Team } from '../../../src/team/team';
import { ensureClaude } from '../../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Reply } from '../../support/clis/messagesApi';
import { waitUntil } from '../../support/waitUntil';
import { newTexts, userTexts } from '../conversation';
import { afterHome, settingsHome, SLOW, type SettingsHome } from './claudeFactors';
import type { Combination } from './pairwise';

export interface SettingsResult {
  readonly combination: Combination;
  /** The broken promises; empty when there are none. */
  readonly problems: readonly string[];
  /** From the Escape to the state idle, seconds; 0 when it was not reached. */
  readonly escapeSeconds: number;
  readonly seconds: number;
}

const WINDOW = 2;
/** Seconds after which something counts as stuck: a machine with several of these teams is slow. */
const STUCK_AFTER = 45;
/** The model answers this long after the Escape, so that the turn can only end by the Escape, milliseconds. */
const LONG_TURN = 240_000;
/** Attempts to read the team's state while Redis does not answer. */
const SNAPSHOT_TRIES = 5;
const ASKS = 'ask me';
const THINKS = 'think about it';
/** Choice of the dialog about the servers of `.mcp.json`. */
const REFUSES_SERVERS = /^Continue without/;
/** No mode of the combinations allows it without a question. */
const COMMAND = `node -e "console.log('as' + 'ked')"`;

export async function playSettings(combination: Combination, version: string, taco: string): Promise<SettingsResult> {
  const since = Date.now();
  const play = await SettingsPlay.start(combination, version, taco);
  const problems: string[] = [];
  let escapeSeconds = 0;
  try {
    await play.first();
    await play.message(`the message, ${SLOW}`);
    await play.permission();
    escapeSeconds = await play.escape();
    await play.relaunch();
  } catch (error) {
    problems.push(`stuck: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    problems.push(...play.wrongTexts());
    await play.dispose();
  }
  return { combination, problems, escapeSeconds, seconds: (Date.now() - since) / 1000 };
}

class SettingsPlay {
  /** Texts that the model must have got exactly once. */
  private readonly sent: string[] = [];
  private readonly problems: string[] = [];
  private readonly team: Team;

  private constructor(
    private readonly combination: Combination,
    private readonly claude: ClaudeTeam,
    private readonly home: SettingsHome,
  ) {
    this.team = claude.team;
  }

  static async start(combination: Combination, version: string, taco: string): Promise<SettingsPlay> {
    const executable = await ensureClaude(version);
    const made: { home?: SettingsHome } = {};
    const env: Record<string, string> = {};
    const settings = { autoApprove: true, tacoCommand: [process.execPath, taco] };
    const claude = await claudeTeam({
      version,
      reply: modelReply,
      env,
      settings,
      prepare: ({ dir, project }) => {
        made.home = settingsHome(combination, { home: join(dir, 'claude-home'), project, executable });
        Object.assign(env, made.home.env);
      },
      prepared: ({ dir }) => afterHome(combination, join(dir, 'claude-home')),
      command: () => made.home?.command,
    });
    if (!made.home) throw new Error('no home was made');
    const spec = { window: WINDOW, name: 'api', role: 'Is sent messages', task: 'Wait for messages' };
    const plan = {
      agents: [{ ...spec, permission_mode: combination['mode'], depends_on: [], notifies: [], wait_for: [] }],
    };
    await claude.team.request({ kind: 'start', goal: 'Be sent messages', plan: JSON.stringify(plan) });
    return new SettingsPlay(combination, claude, made.home);
  }

  /** The first message: the opening task, behind the start dialogs and key bindings of the user. */
  async first(): Promise<void> {
    if (this.combination['enter'] === 'newline') await this.repairEnter();
    const { messages } = await this.untilPastServers('the opening task to have arrived', ({ messages: all }) =>
      all.some((each) => isTask(each) && this.isArrived(each.state)),
    );
    this.sent.push(messages.find(isTask)?.message ?? '');
    await this.until('an agent at rest', (seen) => isAtRest(agentOf(seen)));
  }

  async message(text: string): Promise<void> {
    await this.arrived(await this.send(text));
    // A receipt comes before the call to the model, and `delivered` before that.
    await waitUntil(
      () => this.texts().some((each) => each.endsWith(text)),
      STUCK_AFTER * 1000,
      `the model to get ${text}`,
    );
    await this.until('an agent at rest', (seen) => isAtRest(agentOf(seen)));
  }

  /** A permission; a message waits behind its dialog and must not answer it. */
  async permission(): Promise<void> {
    await this.send(ASKS);
    const request = await this.request(({ window }) => window === WINDOW);
    const behind = await this.send('stands behind the dialog');
    await this.until('a message held by the dialog', ({ messages }) =>
      messages.some(({ id, state }) => id === behind && state === 'held'),
    );
    if (this.hasRun()) this.problems.push('answered: the command ran before the user allowed it');
    await this.team.answer(request.id, allow(request));
    await waitUntil(() => this.hasRun(), STUCK_AFTER * 1000, 'the allowed command to run');
    await this.arrived(behind);
    await this.until('an agent at rest', (seen) => isAtRest(agentOf(seen)));
  }

  /** Escape in a turn; returns the seconds until the agent is shown idle. */
  async escape(): Promise<number> {
    await this.send(THINKS);
    await waitUntil(() => this.texts().some((text) => text.endsWith(THINKS)), STUCK_AFTER * 1000, 'the long turn');
    const { pane } = agentOf(await this.until('a busy agent', (seen) => agentOf(seen)?.status === 'busy')) as AgentView;
    const since = Date.now();
    this.claude.bed.tmux('send-keys', '-t', pane, 'Escape');
    await this.until('an agent at rest after Escape', (seen) => isAtRest(agentOf(seen)));
    const seconds = (Date.now() - since) / 1000;
    await this.message('after the Escape');
    return seconds;
  }

  async relaunch(): Promise<void> {
    await this.team.request({ kind: 'relaunch', window: WINDOW });
    await this.message('after the relaunch');
    const body = JSON.stringify(this.turns().at(-1)?.body);
    if (!body.includes('after the Escape')) this.problems.push('lost: the conversation was not continued');
  }

  /** Returns texts that the model did not get exactly once, and texts of TACO that nobody sent. */
  wrongTexts(): readonly string[] {
    const got = this.texts();
    return [
      ...this.problems,
      ...this.sent.flatMap((text) => {
        const times = got.filter((each) => each === text).length;
        return times === 1 ? [] : [`${times === 0 ? 'lost' : `duplicated (${times})`}: ${text}`];
      }),
      ...got
        .filter((text) => text.startsWith('[') && !this.sent.includes(text))
        .map((text) => `altered: ${text.slice(0, 200)}`),
    ];
  }

  dispose(): Promise<void> {
    return this.claude.dispose();
  }

  /** Waits as `until`, and refuses the servers of `.mcp.json` for each agent that asks about them. */
  private async untilPastServers(what: string, is: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    for (;;) {
      const seen = await this.until(what, (snapshot) => is(snapshot) || snapshot.needs.some(isAboutServers));
      const request = seen.needs.find(isAboutServers);
      if (!request) return seen;
      const choice = request.choices.findIndex((each) => REFUSES_SERVERS.test(each));
      await this.team.answer(request.id, { kind: 'pick', choice }).catch((error: unknown) => {
        if (!isTacoError(error)) throw error; // the dialog has changed: it is asked about again
      });
      await this.until('the dialog to be closed', ({ needs }) => needs.every(({ id }) => id !== request.id));
    }
  }

  /** Waits until a message is held because Enter does not submit, changes the bindings back, and starts it again. */
  private async repairEnter(): Promise<void> {
    await this.untilPastServers('the opening task held: not-submitting', ({ messages }) =>
      messages.some((each) => isTask(each) && each.state === 'held' && each.reason === 'not-submitting'),
    );
    this.home.repairEnter();
    await this.team.request({ kind: 'relaunch', window: WINDOW });
  }

  private async request(is: (request: InputRequest) => boolean): Promise<InputRequest> {
    const { needs } = await this.until('an input request', (seen) => seen.needs.some(is));
    return needs.find(is) as InputRequest;
  }

  private async send(text: string): Promise<string> {
    const [sent] = await this.team.send({ from: { kind: 'user' }, to: 'api', text });
    const id = sent?.id ?? '';
    this.sent.push((await this.team.message(id))?.message ?? text);
    return id;
  }

  private arrived(id: string): Promise<Snapshot> {
    return this.until('a message to have arrived', ({ messages }) =>
      messages.some((each) => each.id === id && this.isArrived(each.state)),
    );
  }

  /** Without hooks `delivered` is the best proof. */
  private isArrived(state: string): boolean {
    return state === 'received' || (state === 'delivered' && this.combination['hooksOff'] !== 'no');
  }

  /** A starved machine may answer one snapshot too late; the next one counts then. */
  private async until(what: string, is: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    for (let tries = 1; ; tries++)
      try {
        return await this.claude.bed.until(this.team, what, STUCK_AFTER, is);
      } catch (error) {
        if (tries >= SNAPSHOT_TRIES || !isTacoError(error)) throw error;
      }
  }

  private turns(): readonly ModelRequest[] {
    return this.claude.api.requests.filter(({ kind, system }) => kind === 'turn' && system.includes('AGENT-2'));
  }

  /** All texts of the user that the agent's model got, oldest first. */
  private texts(): readonly string[] {
    return newTexts(this.turns().map(userTexts));
  }

  private hasRun(): boolean {
    return this.turns().some(({ toolResults }) => toolResults.some(({ text }) => text.includes('asked')));
  }
}

function modelReply({ kind, prompts, toolResults }: ModelRequest): Reply {
  if (kind === 'side') return sideReply;
  const last = prompts.at(-1) ?? '';
  if (toolResults.length === 0 && last.endsWith(ASKS))
    return { tools: [{ name: 'Bash', input: { command: COMMAND, description: 'Print a word' } }] };
  return { text: 'Understood.', ...(last.endsWith(THINKS) ? { delayMs: LONG_TURN } : {}) };
}

function agentOf({ agents }: Snapshot): AgentView | undefined {
  return agents.find(({ window }) => window === WINDOW);
}

function isAtRest(agent: AgentView | undefined): boolean {
  return agent !== undefined && (agent.status === 'idle' || agent.status === 'done');
}

function isAboutServers({ kind, choices }: InputRequest): boolean {
  return kind === 'dialog' && choices.some((each) => REFUSES_SERVERS.test(each));
}

function isTask({ type, target }: { readonly type: string; readonly target: string }): boolean {
  return type === 'task' && target.endsWith(`:${WINDOW}`);
}

/** The hook answers a permission; a dialog that only the screen shows has choices. */
function allow(request: InputRequest): Parameters<Team['answer']>[1] {
  if (request.kind !== 'dialog') return { kind: 'allow' };
  return { kind: 'pick', choice: request.choices.findIndex((each) => each === 'Yes') };
}
