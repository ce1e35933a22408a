/** A real team for a story: real Claude Code with a mock model in real tmux; its own folders, sockets and Redis. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../../src/core/models';
import { TacoPaths } from '../../../src/core/programs/paths';
import { stopRedis } from '../../../src/redis/server/redisServer';
import { openStory, type StoryWindow } from '../../harness/openStory';
import { claudeHome, ensureClaude } from '../clis/claude';
import { sideReply, startMessagesApi, type MessagesApi, type ModelRequest, type Reply } from '../clis/messagesApi';

const STORY_PLAN: Plan = {
  agents: [
    {
      window: 2,
      name: 'translator',
      role: 'Writes the greetings in other languages',
      task: 'Add German and French greetings',
      depends_on: [],
      notifies: ['coder'],
      wait_for: [],
    },
    {
      window: 3,
      name: 'coder',
      role: 'Makes the program choose a language',
      task: 'Add a --lang option',
      depends_on: ['translator'],
      notifies: ['tester'],
      wait_for: ['translator'],
    },
    {
      window: 4,
      name: 'tester',
      role: 'Tests every greeting',
      task: 'Prepare the test folder',
      depends_on: [],
      notifies: [],
      wait_for: [],
    },
  ],
};

/** The same plan with the worst real failure: two agents on one window. */
const DUPLICATE_WINDOWS = {
  agents: STORY_PLAN.agents.map((agent) => ({ ...agent, window: Math.min(agent.window, 3) })),
};

const block = (plan: unknown): string => `AGENT_SPEC_JSON_START\n${JSON.stringify(plan)}\nAGENT_SPEC_JSON_END`;
const bash = (...commands: string[]): Reply => ({
  tools: commands.map((command) => ({ name: 'Bash', input: { command } })),
});

/** Returns the model's answers: a bad plan, then a good one; the translator reports, the tester needs a permission. */
function model(request: ModelRequest): Reply {
  if (request.kind === 'side') return sideReply;
  const prompt = request.prompts.join('\n');
  if (request.system.includes('You are Mother')) {
    if (prompt.includes('cannot be used')) return { text: block(STORY_PLAN), delayMs: 1500 };
    return { text: prompt.includes('Plan a team') ? block(DUPLICATE_WINDOWS) : 'Good.', delayMs: 1000 };
  }
  if (request.toolResults.length > 0) return { text: 'Done with that.' };
  if (prompt.includes('Add German and French greetings')) {
    return bash(
      'taco send coder "Greetings are in src/greetings.json"',
      'taco send user "Shall I add Spanish as well?"',
      'taco service register docs 4711',
      'taco done "German and French are there"',
    );
  }
  if (prompt.includes('Prepare the test folder')) return bash('mkdir -p test/greetings');
  if (prompt.includes('Make the docs folder')) return bash('mkdir -p docs/greetings');
  if (prompt.includes('Begin the guide'))
    return {
      tools: [{ name: 'Write', input: { file_path: GUIDE, content: '# Greetings\n\nHello, hallo, bonjour.\n' } }],
    };
  if (prompt.includes('Ask me about the style'))
    return { tools: [{ name: 'AskUserQuestion', input: { questions: STYLE } }] };
  return { text: 'Understood.' };
}

const GUIDE = '/tmp/taco-story-guide.md';
const STYLE = [
  {
    question: 'Which greeting comes first?',
    header: 'Order',
    multiSelect: false,
    options: [
      { label: 'Hello', description: 'As most expect' },
      { label: 'Hallo', description: 'As the alphabet has it' },
    ],
  },
  {
    question: 'Which languages next?',
    header: 'Next',
    multiSelect: true,
    options: [
      { label: 'Spanish', description: 'Most asked for' },
      { label: 'Polish', description: 'Some asked' },
    ],
  },
];

export class StoryTeam {
  private constructor(
    private readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly socket: string,
    readonly window: StoryWindow,
    readonly api: MessagesApi,
  ) {}

  static async open(settings: Readonly<Record<string, unknown>> = {}): Promise<StoryTeam> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'ts-')));
    const api = await startMessagesApi({ reply: model });
    try {
      const command = await ensureClaude('2.1.197');
      const home = await claudeHome({ home: join(dir, 'h'), workspaces: [], baseUrl: api.url });
      mkdirSync(join(dir, 'tmux'), { mode: 0o700 });
      const env = { ...home, TACO_HOME: join(dir, 't'), TMUX_TMPDIR: join(dir, 'tmux') };
      const socket = `story-${process.pid}`;
      const window = await openStory({
        env,
        settings: { 'taco.tmux.socket': socket, 'taco.agent.command': command, ...settings },
      });
      // The folder is known only now; Claude Code reads this when it starts.
      await claudeHome({ home: join(dir, 'h'), workspaces: [window.workspace], baseUrl: api.url });
      return new StoryTeam(dir, env, socket, window, api);
    } catch (error) {
      await api.close();
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Returns the screen of an agent's pane. */
  screen(window: number): string {
    const session =
      this.tmux('list-sessions', '-F', '#{session_name}')
        .split('\n')
        .find((name) => /-\d{8}(-\d+)?$/.test(name)) ?? '';
    return this.tmux('capture-pane', '-p', '-t', `=${session}:${window}`);
  }

  /** Returns the content of every agent's terminal, to explain a failure. */
  screens(): string {
    const shown = [0, 2, 3, 4].map((window) => {
      try {
        return `--- window ${window}\n${this.screen(window).trimEnd()}`;
      } catch {
        return `--- window ${window}: not there`;
      }
    });
    return shown.join('\n');
  }

  /** Returns the stored results of `taco doctor --probe` and *Run Doctor*; empty before the first. */
  probes(): string {
    const file = join(this.env['TACO_HOME'] ?? '', 'probes.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Returns the texts that the models got. */
  received(): readonly string[] {
    return this.api.received();
  }

  /** Returns the tools' results that the models got. */
  results(): readonly string[] {
    return this.api.requests.flatMap(({ toolResults }) => toolResults.map(({ text }) => text));
  }

  async close(): Promise<void> {
    await this.window.close();
    try {
      this.tmux('kill-server');
    } catch {
      // The stop has already ended it.
    }
    await stopRedis(new TacoPaths(this.env, this.dir));
    await this.api.close();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...args], {
      env: { ...process.env, ...this.env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
}
