import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HoldReason } from '../../src/core/messages/messageState';
import type { AgentView, Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { ensureClaude, NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';

const WINDOW = 2;
const PLAN = JSON.stringify({
  agents: [{ window: WINDOW, name: 'api', role: 'Builds', depends_on: [], notifies: [], wait_for: [] }],
});

function model(request: ModelRequest): Reply {
  if (request.kind === 'side') return sideReply;
  if (request.prompts.some((prompt) => prompt.endsWith('ask me')))
    return { tools: [{ name: 'Bash', input: { command: 'touch made', description: 'Make a file' } }] };
  return { text: 'Understood.' };
}

interface Scene {
  readonly claude: ClaudeTeam;
  readonly bed: TestTeam;
  readonly team: Team;
  readonly agent: () => Promise<AgentView>;
  /** Sends a message and resolves with its id once it was received. */
  readonly say: (text: string) => Promise<string>;
  readonly held: (id: string, reason: HoldReason) => Promise<void>;
  readonly keys: (...keys: readonly string[]) => Promise<void>;
}

/** Starts a team whose user has these files below `.claude` and these variables. */
async function scene(
  files: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const executable = await ensureClaude(NEWEST_CLAUDE);
  const claude = await claudeTeam({
    version: NEWEST_CLAUDE,
    reply: model,
    settings: { autoApprove: true },
    env,
    prepare: ({ dir, project }) => {
      mkdirSync(join(dir, 'claude-home', '.claude'), { recursive: true });
      for (const [name, content] of Object.entries(files)) {
        const text = typeof content === 'string' ? content : JSON.stringify(content);
        writeFileSync(
          join(dir, 'claude-home', '.claude', name),
          text.replaceAll('CLAUDE', executable).replaceAll('PROJECT', project),
          { mode: 0o700 },
        );
      }
    },
  });
  const { bed, team } = claude;
  await team.request({ kind: 'start', goal: 'x', plan: PLAN });
  const of = ({ agents }: Snapshot): AgentView => agents.find(({ window }) => window === WINDOW) as AgentView;
  const agent = async (): Promise<AgentView> => of(await team.snapshot());
  await bed.until(team, 'a pane', 60, (seen) => (of(seen) as AgentView | undefined)?.pane.startsWith('%') === true);
  return {
    claude,
    bed,
    team,
    agent,
    say: async (text) => {
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'api', text });
      assert.equal((await team.waitFor(sent?.id ?? '', 'received', 60_000)).state, 'received');
      return sent?.id ?? '';
    },
    held: async (id, reason) => {
      await bed.until(team, `held ${reason}`, 40, ({ messages }) =>
        messages.some((each) => each.id === id && each.state === 'held' && each.reason === reason),
      );
    },
    keys: async (...keys) => {
      const { pane } = await agent();
      for (const key of keys) {
        bed.tmux('send-keys', '-t', pane, key);
        await new Promise((done) => setTimeout(done, 400));
      }
    },
  };
}

describe(`a real Claude Code ${NEWEST_CLAUDE} with the settings of its user`, function () {
  this.timeout(200_000);
  let now: Scene | undefined;
  afterEach(async () => {
    await now?.claude.dispose();
    now = undefined;
  });

  it('gets messages in vim mode, with the screen reader mode, without colours, and below any status line', async () => {
    now = await scene(
      {
        'settings.json': {
          editorMode: 'vim',
          axScreenReader: true,
          statusLine: { type: 'command', command: '"$HOME/.claude/status.sh"' },
        },
        'status.sh': "#!/bin/sh\nprintf '❯ main ~/proj\\n  ❯ 1. Yes\\n✻ Thinking… (esc to interrupt)\\n'\n",
      },
      { NO_COLOR: '1', CLAUDE_AX_SCREEN_READER: '1' },
    );
    await now.say('the first');
    // In a turn, Escape would stop it.
    await now.bed.until(now.team, 'idle', 30, ({ agents }) => agents.every(({ status }) => status === 'idle'));
    await now.keys('Escape');
    await now.say('the second');
  });

  it('works from its screen when its hooks are switched off, and the user is notified once', async () => {
    now = await scene({ 'settings.json': { disableAllHooks: true } });
    const { team, bed, agent, keys } = now;
    const send = async (text: string): Promise<string> =>
      (await team.send({ from: { kind: 'user' }, to: 'api', text }))[0]?.id ?? '';
    const delivered = async (id: string): Promise<void> =>
      assert.equal((await team.waitFor(id, 'delivered', 60_000)).state, 'delivered');
    await bed.until(team, 'silent', 60, ({ agents }) => agents.every(({ hooks }) => hooks === 'silent'));
    const first = await send('ask me');
    const { needs } = await bed.until(team, 'a request from the screen', 30, (seen) => seen.needs.length > 0);
    assert.deepEqual([needs[0]?.kind, (await agent()).status], ['dialog', 'needs-input']);
    await keys('Escape');
    await bed.until(team, 'idle again', 20, ({ agents }) => agents.every(({ status }) => status === 'idle'));
    await delivered(first);
    await delivered(await send('the next'));
    const { messages } = await team.snapshot();
    assert.equal(
      messages.filter(({ target, message }) => target === 'user' && /disableAllHooks/.test(message)).length,
      1,
    );
  });

  it('gets no message that a hook of the user blocks, and the user learns why', async () => {
    now = await scene({
      'settings.json': {
        hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', command: '"$HOME/.claude/block.sh"' }] }] },
      },
      'block.sh': '#!/bin/sh\ncat | grep -q "not today" || exit 0\nsleep 2\necho "no work on Mondays" >&2\nexit 2\n',
    });
    const { team, bed, claude, say } = now;
    await say('the first');
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'api', text: 'not today' });
    const id = sent?.id ?? '';
    const { messages } = await bed.until(team, 'an end', 60, (seen) =>
      seen.messages.some((each) => each.id === id && ['dead', 'received', 'uncertain'].includes(each.state)),
    );
    const message = messages.find((each) => each.id === id);
    assert.deepEqual([message?.state, message?.reason], ['dead', 'a hook of the user blocked it: no work on Mondays']);
    assert.deepEqual(
      claude.api.received().filter((text) => text.includes('not today')),
      [],
    );
    await say('the last');
  });

  it('is brought back after Ctrl-Z when a message waits', async () => {
    now = await scene({});
    await now.say('the first');
    await now.bed.until(now.team, 'idle', 30, ({ agents }) => agents.every(({ status }) => status === 'idle'));
    await now.keys('C-z');
    await now.say('the second');
  });

  it('holds a message where Enter does not submit, and delivers it after the user changed that', async () => {
    now = await scene({
      'keybindings.json': {
        bindings: [{ context: 'Chat', bindings: { enter: 'chat:newline', 'ctrl+s': 'chat:submit' } }],
      },
    });
    const { messages } = await now.bed.until(now.team, 'a task', 60, ({ messages: sent }) =>
      sent.some(({ target, type }) => type === 'task' && target.endsWith(`:${WINDOW}`)),
    );
    const task = messages.find(({ target }) => target.endsWith(`:${WINDOW}`));
    await now.held(task?.id ?? '', 'not-submitting');
    const { pane } = await now.agent();
    assert.doesNotMatch(now.bed.tmux('capture-pane', '-p', '-t', pane), /Your task/);
    writeFileSync(join(now.bed.dir, 'claude-home', '.claude', 'keybindings.json'), '{"bindings":[]}');
    await now.team.request({ kind: 'relaunch', window: WINDOW });
    assert.equal((await now.team.waitFor(task?.id ?? '', 'received', 60_000)).state, 'received');
  });
});
